import type { Database } from 'better-sqlite3'
import type { BinItem } from '#contract/workspaces'
import type { BinStore } from '#core/ports/store'

interface BinRow {
  readonly id: string
  readonly workspace_id: string
  readonly path: string
  readonly bytes: number
  readonly deleted_at: number
}

const from = 'SELECT id, workspace_id, path, bytes, deleted_at FROM bin_items'

export function createBinStore(db: Database): BinStore {
  const insert = db.prepare('INSERT INTO bin_items (id, workspace_id, path, bytes, deleted_at) VALUES (@id, @workspaceId, @path, @bytes, @deletedAt)')
  const select = db.prepare<[string], BinRow>(`${from} WHERE id = ?`)
  const list = db.prepare<[string], BinRow>(`${from} WHERE workspace_id = ? ORDER BY position DESC`)
  const remove = db.prepare<[string]>('DELETE FROM bin_items WHERE id = ?')

  return {
    insert(item) {
      insert.run(item)
    },
    get(id) {
      const row = select.get(id)
      return row ? toBinItem(row) : null
    },
    /** Newest first. */
    list: (workspaceId) => list.all(workspaceId).map(toBinItem),
    remove(id) {
      remove.run(id)
    },
  }
}

function toBinItem(row: BinRow): BinItem {
  return { id: row.id, workspaceId: row.workspace_id, path: row.path, bytes: row.bytes, deletedAt: row.deleted_at }
}
