import type { AdjustBehavior, AdjustedBehavior, BehaviorPlace } from '#contract/behavior'
import type { ToolDetails } from '#contract/entries'
import { GENERAL } from '../agents/builtin-templates'
import { AppError } from '../errors'
import type { Store } from '../ports/store'
import { turnPath } from '../sessions/turn-path'
import { toldTo } from '../memory/agent/told'
import type { BehaviorProposal, Proposals } from '../tools/propose-behavior'
import type { BehaviorService } from './behavior-service'
import { isUnchanged } from './diff-rules'

interface ProposalPorts {
  readonly store: Pick<Store, 'agents' | 'runs' | 'sessions' | 'journal'>
  readonly behavior: BehaviorService
  readonly newTraceId: () => string
}

/** What agents propose about the rules, once a person has agreed. */
export function createProposals({ store, behavior, newTraceId }: ProposalPorts): Proposals {
  const origin = (sessionId: string) => {
    const run = store.runs.listInStates(['running', 'waiting'], sessionId)[0]
    return { by: 'agent' as const, sessionId, ...(run && { runId: run.id }), traceId: newTraceId() }
  }
  const placeOf = (sessionId: string, workspaceId: string, { scope }: BehaviorProposal): BehaviorPlace => {
    if (scope === 'workspace' && workspaceId === '') throw new AppError('INVALID_PARAMETERS', 'This conversation has no folder. Propose the rule for the user or the agent.')
    return { scope, target: scope === 'user' ? null : scope === 'workspace' ? workspaceId : (store.agents.get(sessionId)?.template ?? GENERAL) }
  }
  const adjustment = (place: BehaviorPlace, { how, rules, reason }: BehaviorProposal, preview: boolean): AdjustBehavior =>
    ({ ...place, strategy: how, rules: rules.map(({ key, text }) => ({ ...(key !== undefined && { key }), text, enabled: true })), cause: reason, preview })
  return {
    look(sessionId, workspaceId, proposal) {
      const place = placeOf(sessionId, workspaceId, proposal)
      const adjusted = behavior.adjust(adjustment(place, proposal, true), origin(sessionId))
      if (isUnchanged(adjusted.diff)) throw new AppError('INVALID_PARAMETERS', `Nothing would change. ${adjusted.conflicts.map(({ message }) => message).join(' ')}`)
      return { fingerprint: { ...place, version: adjusted.profile.version, rules: adjusted.profile.rules }, details: detailsOf(adjusted, toldTo(store, sessionId, turnPath(store, sessionId)).hasReadUntrusted ? [readBefore] : []) }
    },
    carryOut(sessionId, proposal, { scope, target, version }) {
      const adjusted = behavior.adjust({ ...adjustment({ scope, target }, proposal, false), version }, origin(sessionId))
      return { text: 'The person agreed. It counts from now on.', details: detailsOf(adjusted) }
    },
    judge({ scope, target, version, rules }) {
      const now = behavior.get({ scope, target })
      if (now.version === version) return 'not_done'
      return now.version === version + 1 && JSON.stringify(now.rules) === JSON.stringify(rules) ? 'done' : 'unknown'
    },
  }
}

const readBefore = 'The agent has read files, pages or results of tools in this conversation: make sure that the rule is yours and not theirs.'

function detailsOf({ profile, diff, conflicts }: AdjustedBehavior, notes: readonly string[] = []): ToolDetails {
  return { kind: 'rules', scope: profile.scope, diff, warnings: [...notes, ...conflicts.map(({ message }) => message)] }
}
