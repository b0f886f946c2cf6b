import type { Database } from 'better-sqlite3'
import type { SessionConditions, SessionStore, WorkspaceStore } from '#core/ports/store'

/** Sessions at work at the same time, and some. */
const MAX_REMEMBERED = 200

/** The same stores; the conditions of a session, which each of its steps looks at, are read again only after a change of them. */
export function rememberConditions(
  db: Database, sessions: SessionStore, workspaces: WorkspaceStore,
): { readonly sessions: SessionStore; readonly workspaces: WorkspaceStore } {
  const known = new Map<string, SessionConditions>()
  const changing = <Args extends unknown[], Result>(change: (...args: Args) => Result) => (...args: Args): Result => {
    known.clear()
    return change(...args)
  }
  return {
    sessions: {
      ...sessions,
      conditions: (id) => {
        // What a transaction changed may be taken back.
        if (db.inTransaction) return sessions.conditions(id)
        const conditions = known.get(id) ?? sessions.conditions(id)
        if (known.size >= MAX_REMEMBERED) known.clear()
        if (conditions) known.set(id, conditions)
        return conditions
      },
      patch: changing(sessions.patch),
      remove: changing(sessions.remove),
    },
    workspaces: { ...workspaces, patch: changing(workspaces.patch), remove: changing(workspaces.remove) },
  }
}
