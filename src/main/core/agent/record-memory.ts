import type { PayloadOf } from '#contract/entries'
import type { CallMemory } from '../memory/agent/call-memory'
import type { AgentMemory } from '../memory/agent/agent-memory'
import { isPrivateNote } from '../memory/agent/private-notes'
import type { Turn, TurnPorts } from './turn'

/**
 * The journal says which items a call was sent, and why. Their words are not in it: what is forgotten or erased is so everywhere. Nothing
 * where they are those of the call before in the same turn.
 */
export function recordMemory({ events, clock, memory }: Pick<TurnPorts, 'events' | 'clock'> & { readonly memory: Pick<AgentMemory, 'used'> }, turn: Turn, { items }: CallMemory): void {
  const before = usedSinceAsked(turn.path)
  const used = items.map(({ item: { id, revision, kind, trust, sensitivity, tags }, score, why, tokens }) => ({ id, revision, kind, trust, score, why, tokens, ...(isPrivateNote({ sensitivity, tags }) && { sensitive: true }) }))
  if (named(before) === named(used)) return
  events.transact((emit) => {
    turn.append(emit, { kind: 'memory_used', items: used, tokens: used.reduce((sum, { tokens }) => sum + tokens, 0) }, null)
    if (used.length > 0) memory.used(used.map(({ id }) => id), clock.now(), { sessionId: turn.run.sessionId, runId: turn.run.id })
  }, 'later')
}

type Used = PayloadOf<'memory_used'>['items']

function usedSinceAsked(path: Turn['path']): Used {
  const newest = path.findLast(({ payload }) => payload.kind === 'memory_used' || payload.kind === 'user_message')
  return newest?.payload.kind === 'memory_used' ? newest.payload.items : []
}

function named(items: Used): string {
  return items.map(({ id, revision }) => `${id} ${revision}`).join('\n')
}
