import type { Database } from 'better-sqlite3'
import type { Grant } from '#contract/workspaces'
import type { GrantStore } from '#core/ports/store'

interface GrantRow {
  readonly id: string
  readonly scope: Grant['scope']
  readonly session_id: string | null
  readonly workspace_id: string | null
  readonly tool_name: string
  readonly created_at: number
}

const columns = 'id, scope, session_id, workspace_id, tool_name, created_at'

export const grantQueries = {
  listBySession: `SELECT ${columns} FROM grants WHERE session_id = ? AND scope = 'session' ORDER BY position`,
  listByWorkspace: `SELECT ${columns} FROM grants WHERE workspace_id = ? AND scope = 'workspace' ORDER BY position`,
}

export function createGrantStore(db: Database): GrantStore {
  const insert = db.prepare(`INSERT INTO grants (${columns}) VALUES (@id, @scope, @sessionId, @workspaceId, @toolName, @createdAt)`)
  const listBySession = db.prepare<[string], GrantRow>(grantQueries.listBySession)
  const listByWorkspace = db.prepare<[string], GrantRow>(grantQueries.listByWorkspace)
  const remove = db.prepare<[string]>('DELETE FROM grants WHERE id = ?')

  return {
    insert(grant) {
      insert.run(grant)
    },
    /** Those of the session first. */
    listFor: (sessionId, workspaceId) => [...listBySession.all(sessionId), ...(workspaceId === null ? [] : listByWorkspace.all(workspaceId))].map(toGrant),
    listByWorkspace: (workspaceId) => listByWorkspace.all(workspaceId).map(toGrant),
    remove: (id) => remove.run(id).changes === 1,
  }
}

function toGrant(row: GrantRow): Grant {
  return { id: row.id, scope: row.scope, sessionId: row.session_id, workspaceId: row.workspace_id, toolName: row.tool_name, createdAt: row.created_at }
}
