import type { Entry } from '#contract/entries'
import type { Store } from '../ports/store'
import { getSession } from './publish'

/** The branch that a session's turn works on, as far as it has come; the active one where none works. */
export function turnPath(store: Pick<Store, 'sessions' | 'runs' | 'journal'>, sessionId: string): readonly Entry[] {
  const session = getSession(store, sessionId)
  const run = store.runs.listInStates(['running', 'waiting'], sessionId)[0]
  const head = session.heads.find(({ id }) => id === (run?.headId ?? session.activeHeadId))
  return head?.entryId ? store.journal.path(head.entryId) : []
}
