import type { Run } from '#contract/runs'
import type { Store } from '../ports/store'

/** Entries of the end of a conversation that are looked at. */
const LOOKED_AT = 20

/** What the agent of a run said last; null: nothing. */
export function lastWords(store: Pick<Store, 'sessions' | 'journal'>, run: Run): string | null {
  const head = store.sessions.get(run.sessionId)?.heads.find(({ id }) => id === run.headId)
  const path = head?.entryId ? store.journal.path(head.entryId, LOOKED_AT) : []
  const reply = path.findLast((entry) => entry.runId === run.id && entry.payload.kind === 'assistant_message')
  return reply?.payload.kind === 'assistant_message' && reply.payload.text !== '' ? reply.payload.text : null
}
