import type { Database } from 'better-sqlite3'
import type { Grant } from '#contract/workspaces'
import type { GrantStore } from '#core/ports/store'

interface GrantRow {
  readonly id: string
  readonly scope: Grant['scope']
  readonly session_id: string | null
  readonly workspace_id: string | null
  readonly tool_name: string
  readonly pattern: string | null
  readonly expires_at: number | null
  readonly created_at: number
}

const columns = 'id, scope, session_id, workspace_id, tool_name, pattern, expires_at, created_at'
const holds = '(expires_at IS NULL OR expires_at > ?)'

export const grantQueries = {
  listBySession: `SELECT ${columns} FROM grants WHERE session_id = ? AND scope = 'session' AND ${holds} ORDER BY position`,
  listByWorkspace: `SELECT ${columns} FROM grants WHERE workspace_id = ? AND scope = 'workspace' AND ${holds} ORDER BY position`,
  removeExpired: 'DELETE FROM grants WHERE expires_at <= ?',
}

export function createGrantStore(db: Database): GrantStore {
  const insert = db.prepare(`INSERT INTO grants (${columns}) VALUES (@id, @scope, @sessionId, @workspaceId, @toolName, @pattern, @expiresAt, @createdAt)`)
  const listBySession = db.prepare<[string, number], GrantRow>(grantQueries.listBySession)
  const listByWorkspace = db.prepare<[string, number], GrantRow>(grantQueries.listByWorkspace)
  const removeExpired = db.prepare<[number]>(grantQueries.removeExpired)
  const removeForTools = db.prepare<[string, string]>('DELETE FROM grants WHERE substr(tool_name, 1, length(?)) = ?')
  const remove = db.prepare<[string]>('DELETE FROM grants WHERE id = ?')

  return {
    insert(grant) {
      insert.run(grant)
    },
    /** Those of the session first. */
    listFor: (sessionId, workspaceId, now) => [...listBySession.all(sessionId, now), ...(workspaceId === null ? [] : listByWorkspace.all(workspaceId, now))].map(toGrant),
    listByWorkspace: (workspaceId, now) => listByWorkspace.all(workspaceId, now).map(toGrant),
    removeExpired: (now) => void removeExpired.run(now),
    remove: (id) => remove.run(id).changes === 1,
    removeForTools: (prefix) => void removeForTools.run(prefix, prefix),
  }
}

function toGrant(row: GrantRow): Grant {
  return { id: row.id, scope: row.scope, sessionId: row.session_id, workspaceId: row.workspace_id, toolName: row.tool_name, pattern: row.pattern, expiresAt: row.expires_at, createdAt: row.created_at }
}
