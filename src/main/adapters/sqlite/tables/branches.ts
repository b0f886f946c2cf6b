import type { Database } from 'better-sqlite3'
import type { Branch } from '#contract/checkpoints'
import type { BranchStore } from '#core/ports/checkpoint-store'

interface BranchRow {
  readonly id: string
  readonly place: Branch['where']
  readonly name: string
  readonly checkpoint_id: string
  readonly origin_session_id: string
  readonly origin_head_id: string
  readonly session_id: string
  readonly head_id: string
  readonly workspace_id: string | null
  readonly created_at: number
  readonly brought_home_at: number | null
}

const columns = 'id, place, name, checkpoint_id, origin_session_id, origin_head_id, session_id, head_id, workspace_id, created_at, brought_home_at'

export const branchQueries = {
  get: `SELECT ${columns} FROM branches WHERE id = ?`,
  listByOrigin: `SELECT ${columns} FROM branches WHERE origin_session_id = ? ORDER BY position DESC`,
  listOf: `SELECT ${columns} FROM branches WHERE origin_session_id = @sessionId OR session_id = @sessionId ORDER BY position DESC`,
}

export function createBranchStore(db: Database): BranchStore {
  const insert = db.prepare(`INSERT INTO branches (${columns})
    VALUES (@id, @where, @name, @checkpointId, @originSessionId, @originHeadId, @sessionId, @headId, @workspaceId, @createdAt, @broughtHomeAt)`)
  const select = db.prepare<[string], BranchRow>(branchQueries.get)
  const listByOrigin = db.prepare<[string], BranchRow>(branchQueries.listByOrigin)
  const listOf = db.prepare<[object], BranchRow>(branchQueries.listOf)
  const list = db.prepare<[], BranchRow>(`SELECT ${columns} FROM branches ORDER BY position DESC`)
  const setBroughtHome = db.prepare<[number, string]>('UPDATE branches SET brought_home_at = ? WHERE id = ?')
  const rehome = db.prepare('UPDATE branches SET origin_session_id = @originSessionId, origin_head_id = @originHeadId, checkpoint_id = @checkpointId WHERE id = @id')
  const remove = db.prepare<[string]>('DELETE FROM branches WHERE id = ?')

  return {
    insert(branch) {
      insert.run(branch)
    },
    get(id) {
      const row = select.get(id)
      return row ? toBranch(row) : null
    },
    listByOrigin: (sessionId) => listByOrigin.all(sessionId).map(toBranch),
    listOf: (sessionId) => listOf.all({ sessionId }).map(toBranch),
    list: () => list.all().map(toBranch),
    setBroughtHome(id, at) {
      setBroughtHome.run(at, id)
    },
    rehome(id, origin) {
      rehome.run({ ...origin, id })
    },
    remove(id) {
      remove.run(id)
    },
  }
}

function toBranch(row: BranchRow): Branch {
  return {
    id: row.id, where: row.place, name: row.name, checkpointId: row.checkpoint_id, originSessionId: row.origin_session_id, originHeadId: row.origin_head_id,
    sessionId: row.session_id, headId: row.head_id, workspaceId: row.workspace_id, createdAt: row.created_at, broughtHomeAt: row.brought_home_at,
  }
}
