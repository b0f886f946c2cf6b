import type {
  AdjustBehavior, AdjustedBehavior, BehaviorConflict, BehaviorDiff, BehaviorPlace, BehaviorProfile, BehaviorRule, BehaviorScope, BehaviorVersion, EffectiveBehavior,
} from '#contract/behavior'
import { AppError, notFound } from '../errors'
import type { EventStream } from '../events/event-stream'
import { estimateTokens } from '../models/usage'
import type { BehaviorStore, StoredBehavior } from '../ports/behavior-store'
import type { Page } from '../ports/page'
import type { Clock } from '../ports/system'
import { behaviorText, composeRules } from './compose'
import { diffRules, isUnchanged } from './diff-rules'
import { mergeRules } from './merge-rules'

/** Who changes the rules, and for what. */
export interface BehaviorOrigin {
  readonly by: BehaviorVersion['by']
  readonly sessionId?: string
  readonly runId?: string
  readonly traceId: string
}

export interface BehaviorService {
  list(): BehaviorProfile[]
  get(place: BehaviorPlace): BehaviorProfile
  /** Of a folder (null: none) for an agent template. */
  effective(workspaceId: string | null, template: string): EffectiveBehavior
  /** AppError CONFLICT when another version came in between; INVALID_PARAMETERS for rules that make no sense. */
  adjust(adjustment: AdjustBehavior, origin: BehaviorOrigin): AdjustedBehavior
  history(place: BehaviorPlace, page: { readonly cursor?: string | undefined; readonly limit: number }): Page<BehaviorVersion>
  diff(place: BehaviorPlace, from: number, to: number): BehaviorDiff
  revert(place: BehaviorPlace, version: number, origin: BehaviorOrigin): AdjustedBehavior
}

export interface BehaviorPorts {
  readonly store: {
    readonly behavior: BehaviorStore
    readonly workspaces: { get(id: string): unknown }
  }
  readonly events: EventStream
  readonly clock: Clock
}

const breadth: readonly BehaviorScope[] = ['user', 'workspace', 'agent']

export function createBehaviorService(ports: BehaviorPorts): BehaviorService {
  const { store: { behavior } } = ports
  const rulesOf = (place: BehaviorPlace, version: number): readonly BehaviorRule[] => {
    if (version === 0) return []
    const found = behavior.find(place, version)
    if (!found) throw notFound('Version', String(version))
    return found.rules
  }
  return {
    list: () => behavior.list().map(profileOf),
    get: (place) => current(behavior, checked(place)),
    effective: (workspaceId, template) => {
      const rules = composeRules(placesOf(workspaceId, template).map((place) => current(behavior, place)))
      const text = behaviorText(rules)
      return { rules, text, tokens: estimateTokens(text) }
    },
    adjust: (adjustment, origin) => adjust(ports, adjustment, origin),
    history: (place, page) => behavior.history(checked(place), page),
    diff: (place, from, to) => diffRules(rulesOf(checked(place), from), rulesOf(place, to)),
    revert: (place, version, origin) => {
      const rules = rulesOf(checked(place), version).slice()
      return adjust(ports, { ...place, strategy: 'replace', rules, cause: `Back to version ${version}`, preview: false }, { ...origin, by: 'restore' })
    },
  }
}

function adjust(ports: BehaviorPorts, { scope, target, strategy, rules, cause, version, preview }: AdjustBehavior, origin: BehaviorOrigin): AdjustedBehavior {
  const { store, events, clock } = ports
  const place = checked({ scope, target })
  if (scope === 'workspace' && store.workspaces.get(target ?? '') === null) throw notFound('Workspace', target ?? '')
  return events.transact((emit) => {
    const before = current(store.behavior, place)
    if (version !== undefined && version !== before.version) {
      throw new AppError('CONFLICT', `These rules were changed meanwhile: they are at version ${before.version}. Look again; nothing was changed.`, { data: { version: before.version } })
    }
    const merged = mergeRules(before.rules, strategy, rules)
    const diff = diffRules(before.rules, merged.rules)
    const conflicts = [...merged.conflicts.map((conflict) => withPlace(conflict, place)), ...across(store.behavior, place, [...diff.added, ...diff.changed.map(({ after }) => after)])]
    if (isUnchanged(diff) || preview) return { profile: { ...before, rules: [...merged.rules] }, diff, conflicts }
    const next: BehaviorVersion = {
      ...place, version: before.version + 1, rules: [...merged.rules], by: origin.by, cause: cause === '' ? (causes[strategy]) : cause,
      sessionId: origin.sessionId ?? null, runId: origin.runId ?? null, at: clock.now(),
    }
    store.behavior.insert(next)
    const profile = profileOf(next)
    emit({ topic: 'behavior.update', payload: { profile } }, { sessionId: origin.sessionId ?? null, runId: origin.runId ?? null, traceId: origin.traceId })
    return { profile, diff, conflicts }
  })
}

const causes = { append: 'Rules added', replace: 'Rules edited', override: 'Rules changed', remove: 'Rules removed' } as const

/** From broad to narrow. */
export function placesOf(workspaceId: string | null, template: string): BehaviorPlace[] {
  return [{ scope: 'user', target: null }, ...(workspaceId === null ? [] : [{ scope: 'workspace' as const, target: workspaceId }]), { scope: 'agent', target: template }]
}

function checked({ scope, target }: BehaviorPlace): BehaviorPlace {
  if (scope === 'user' && target !== null) throw new AppError('INVALID_PARAMETERS', 'The rules of the user have no target.')
  if (scope !== 'user' && target === null) throw new AppError('INVALID_PARAMETERS', scope === 'workspace' ? 'Say of which folder: its id as target.' : 'Say of which agent template: its name as target.')
  return { scope, target }
}

function current(store: BehaviorStore, place: BehaviorPlace): BehaviorProfile {
  const newest = store.newest(place)
  return newest ? profileOf(newest) : { ...place, version: 0, rules: [], updatedAt: null }
}

function profileOf({ scope, target, version, rules, at }: BehaviorVersion | StoredBehavior): BehaviorProfile {
  return { scope, target, version, rules, updatedAt: at }
}

function withPlace(conflict: BehaviorConflict, place: BehaviorPlace): BehaviorConflict {
  return conflict.other === null ? conflict : { ...conflict, other: { ...conflict.other, ...place } }
}

/** Rules of other profiles with the same keys: which of them counts. */
function across(store: BehaviorStore, place: BehaviorPlace, rules: readonly BehaviorRule[]): BehaviorConflict[] {
  const keyed = rules.filter(({ key, enabled }) => key !== undefined && enabled)
  if (keyed.length === 0) return []
  return store.list().filter(({ scope }) => scope !== place.scope).flatMap((profile) => profile.rules.flatMap((other): BehaviorConflict[] => {
    const rule = other.enabled ? keyed.find(({ key }) => key === other.key) : undefined
    if (!rule || rule.text === other.text) return []
    const kind = breadth.indexOf(profile.scope) > breadth.indexOf(place.scope) ? 'outranked' : 'outranks'
    const whose = { user: 'everywhere', workspace: 'of a folder', agent: `of the agent ${profile.target ?? ''}` }[profile.scope]
    const message = kind === 'outranked'
      ? `A rule ${whose} has the key ${rule.key ?? ''} too and counts there: “${other.text.slice(0, 80)}”`
      : `Here it counts in place of a rule ${whose} with the key ${rule.key ?? ''}: “${other.text.slice(0, 80)}”`
    return [{ kind, rule, other: { ...other, scope: profile.scope, target: profile.target }, message }]
  }))
}
