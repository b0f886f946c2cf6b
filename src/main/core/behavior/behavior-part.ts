import type { RevisionItem } from '#contract/checkpoints'
import type { BehaviorRule, BehaviorVersion } from '#contract/behavior'
import type { PartScope, RevisionPart } from '../checkpoints/parts'
import type { BehaviorStore, StoredBehavior } from '../ports/behavior-store'
import type { Store } from '../ports/store'
import type { BehaviorService } from './behavior-service'

/** The rules that a session changed, as a part of its checkpoints, beside what it changed in the memory. The revision is the moment. */
export function withBehavior(memory: RevisionPart, { store, behavior }: { readonly store: Pick<Store, 'behavior' | 'agents'>; readonly behavior: BehaviorService }): RevisionPart {
  /** It and its agents. */
  const oursIn = ({ sessionId }: PartScope) => new Set<string | null>([sessionId, ...store.agents.sessionsBelow(sessionId)])
  const returning = (scope: PartScope, from: number, ours = oursIn(scope)) => store.behavior.list().flatMap((now) => {
    const since = versionsSince(store.behavior, now, from)
    const then = store.behavior.atTime(now, from)?.rules ?? []
    return since.some(({ sessionId }) => ours.has(sessionId)) && text(then) !== text(now.rules)
      ? [{ now, then, foreign: since.some(({ by, sessionId }) => by !== 'agent' && !ours.has(sessionId)) }] : []
  })
  return {
    ...memory,
    diff: (scope, from, to) => {
      const { items, ...rest } = memory.diff(scope, from, to)
      const ours = oursIn(scope)
      const rules = store.behavior.list().filter((now) => versionsSince(store.behavior, now, Math.min(from, to ?? from)).some(({ sessionId }) => ours.has(sessionId)))
      const changed = rules.flatMap((now) => differs(now, store.behavior.atTime(now, from)?.rules ?? [], to === null ? now.rules : (store.behavior.atTime(now, to)?.rules ?? [])))
      return { ...rest, items: [...items, ...changed] }
    },
    plan: (scope, revision) => [
      ...memory.plan(scope, revision),
      ...returning(scope, revision).flatMap(({ now, then, foreign }) => differs(now, now.rules, then).map((item): RevisionItem => ({
        ...item, note: null, conflict: foreign ? { text: 'You changed these rules since.', choice: 'keep' } : null,
      }))),
    ],
    restore: (scope, restore, emit) => {
      const wanted = returning(scope, restore.revision).filter(({ now }) => restore.ids.includes(idOf(now)))
      for (const { now: { scope: whose, target }, then } of wanted) {
        behavior.adjust({ scope: whose, target, strategy: 'replace', rules: [...then], cause: `Went back with its conversation: ${restore.label}`.slice(0, 300), preview: false }, { by: 'restore', sessionId: scope.sessionId, traceId: restore.traceId })
      }
      return wanted.length + memory.restore(scope, restore, emit)
    },
  }
}

const PAGE = 100

function versionsSince(store: BehaviorStore, place: BehaviorVersion, since: number): readonly StoredBehavior[] {
  const found: StoredBehavior[] = []
  let cursor: string | undefined
  for (;;) {
    const page = store.history(place, { limit: PAGE, cursor })
    const newer = page.items.filter(({ at }) => at > since)
    found.push(...newer)
    if (newer.length < page.items.length || page.nextCursor === null) return found
    cursor = page.nextCursor
  }
}

/** Of the version that is there: what was changed meanwhile has another. */
function idOf({ revision }: StoredBehavior): string {
  return `rules-${revision}`
}

const whose = { user: 'Rules for everywhere', workspace: 'Rules of the folder', agent: 'Rules of the agent' } as const

function differs(place: StoredBehavior, before: readonly BehaviorRule[], after: readonly BehaviorRule[]) {
  const [was, is] = [text(before), text(after)]
  if (was === is) return []
  return [{ id: idOf(place), title: whose[place.scope], change: was === '' ? ('added' as const) : is === '' ? ('removed' as const) : ('changed' as const), before: was || null, after: is || null }]
}

function text(rules: readonly BehaviorRule[]): string {
  return rules.map(({ key, text: words, enabled }) => `${words}${key === undefined ? '' : ` (${key})`}${enabled ? '' : ', off'}`).join('\n')
}
