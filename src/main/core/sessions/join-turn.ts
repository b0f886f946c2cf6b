import type { Turn, TurnPorts } from '../agent/turn'
import { changeRun } from './publish'

/**
 * What people said to the turn that works becomes part of its conversation, in the order of saying, each with the end of its own wait in
 * one transaction. One that comes too late for it starts a turn of its own. True when there was something.
 */
export function joinTurn({ store, events, clock }: Pick<TurnPorts, 'store' | 'events' | 'clock'>, turn: Turn): boolean {
  const { run, source } = turn
  const waiting = store.runs.listInStates(['queued'], run.sessionId)
    .filter(({ joins, headId, entryId, promptTry }) => joins && headId === run.headId && entryId === null && promptTry === null)
  if (waiting.length === 0) return false
  events.transact((emit) => {
    for (const { id, sessionId, text, attachments } of waiting) {
      const { id: entryId } = turn.append(emit, { kind: 'user_message', text, ...(attachments.length > 0 && { attachments }) }, null)
      changeRun(store, emit, { id, sessionId }, { state: 'completed', joinedRunId: run.id, entryId, startedAt: clock.now(), endedAt: clock.now() }, { ...source, runId: id })
    }
  })
  return true
}
