import type { Database } from 'better-sqlite3'
import { AppError, notFound } from '#core/errors'
import type { StoredWorkspace, WorkspaceStore } from '#core/ports/store'

interface WorkspaceRow {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly trusted: number
  readonly created_at: number
  readonly last_opened_at: number
}

const from = 'SELECT id, name, path, trusted, created_at, last_opened_at FROM workspaces'

export function createWorkspaceStore(db: Database): WorkspaceStore {
  const insert = db.prepare(`INSERT INTO workspaces (id, name, path, trusted, created_at, last_opened_at)
    VALUES (@id, @name, @path, @trusted, @createdAt, @lastOpenedAt)`)
  const select = db.prepare<[string], WorkspaceRow>(`${from} WHERE id = ?`)
  const selectByPath = db.prepare<[string], WorkspaceRow>(`${from} WHERE path = ?`)
  const list = db.prepare<[], WorkspaceRow>(`${from} ORDER BY last_opened_at DESC, rowid DESC`)
  const update = db.prepare('UPDATE workspaces SET name = @name, trusted = @trusted, last_opened_at = @lastOpenedAt WHERE id = @id')
  const hasSessions = db.prepare<[string]>('SELECT 1 FROM sessions WHERE workspace_id = ? LIMIT 1')
  const removals = ['DELETE FROM grants WHERE workspace_id = ?', 'DELETE FROM bin_items WHERE workspace_id = ?', 'DELETE FROM workspaces WHERE id = ?']
    .map((sql) => db.prepare<[string]>(sql))

  const get = (id: string) => {
    const row = select.get(id)
    return row ? toWorkspace(row) : null
  }

  return {
    insert(workspace) {
      insert.run({ ...workspace, trusted: workspace.trusted ? 1 : 0 })
    },
    get,
    findByPath(path) {
      const row = selectByPath.get(path)
      return row ? toWorkspace(row) : null
    },
    list: () => list.all().map(toWorkspace),
    patch: db.transaction<WorkspaceStore['patch']>((id, patch) => {
      const workspace = get(id)
      if (!workspace) throw notFound('Workspace', id)
      const { name, trusted, lastOpenedAt } = { ...workspace, ...patch }
      update.run({ id, name, trusted: trusted ? 1 : 0, lastOpenedAt })
    }).immediate,
    remove: db.transaction<WorkspaceStore['remove']>((id) => {
      if (hasSessions.get(id)) {
        throw new AppError('CONFLICT', 'This workspace still has sessions, archived ones and those in the bin included. Delete them first; nothing was removed.')
      }
      for (const removal of removals) removal.run(id)
    }).immediate,
  }
}

function toWorkspace(row: WorkspaceRow): StoredWorkspace {
  return { id: row.id, name: row.name, path: row.path, trusted: row.trusted === 1, createdAt: row.created_at, lastOpenedAt: row.last_opened_at }
}
