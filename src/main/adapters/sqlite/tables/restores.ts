import type { Database } from 'better-sqlite3'
import type { RestoreStore, StoredRestore } from '#core/ports/checkpoint-store'

interface RestoreRow {
  readonly id: string
  readonly session_id: string
  readonly workspace_id: string | null
  readonly checkpoint_id: string | null
  readonly redo_checkpoint_id: string
  readonly current_id: string
  readonly state: StoredRestore['state']
  readonly at: number
  readonly label: string
  readonly revisions: string
  readonly conversation: string | null
  readonly changes: string | null
}

const columns = 'id, session_id, workspace_id, checkpoint_id, redo_checkpoint_id, current_id, state, at, label, revisions, conversation, changes'

export const restoreQueries = {
  get: `SELECT ${columns} FROM restores WHERE id = ?`,
  listUnfinished: `SELECT ${columns} FROM restores WHERE state = 'applying' ORDER BY position`,
  listByCheckpoint: `SELECT id, at, redo_checkpoint_id AS redoCheckpointId FROM restores WHERE checkpoint_id = ? AND state = 'completed' ORDER BY position DESC LIMIT 100`,
}

export function createRestoreStore(db: Database): RestoreStore {
  const insert = db.prepare(`INSERT INTO restores (${columns})
    VALUES (@id, @sessionId, @workspaceId, @checkpointId, @redoCheckpointId, @currentId, @state, @at, @label, @revisions, @conversation, @changes)`)
  const finish = db.prepare<[string, string]>("UPDATE restores SET state = ?, changes = NULL WHERE id = ? AND state = 'applying'")
  const select = db.prepare<[string], RestoreRow>(restoreQueries.get)
  const listUnfinished = db.prepare<[], RestoreRow>(restoreQueries.listUnfinished)
  const listByCheckpoint = db.prepare<[string], { id: string; at: number; redoCheckpointId: string }>(restoreQueries.listByCheckpoint)

  return {
    insert(restore) {
      insert.run({ ...restore, revisions: JSON.stringify(restore.revisions), conversation: restore.conversation && JSON.stringify(restore.conversation), changes: JSON.stringify(restore.changes) })
    },
    get(id) {
      const row = select.get(id)
      return row ? toRestore(row) : null
    },
    finish(id, state) {
      finish.run(state, id)
    },
    listUnfinished: () => listUnfinished.all().map(toRestore),
    listByCheckpoint: (checkpointId) => listByCheckpoint.all(checkpointId),
  }
}

function toRestore(row: RestoreRow): StoredRestore {
  return {
    id: row.id, sessionId: row.session_id, workspaceId: row.workspace_id, checkpointId: row.checkpoint_id, redoCheckpointId: row.redo_checkpoint_id,
    currentId: row.current_id, state: row.state, at: row.at, label: row.label, revisions: JSON.parse(row.revisions),
    conversation: row.conversation === null ? null : JSON.parse(row.conversation), changes: row.changes === null ? [] : JSON.parse(row.changes),
  }
}
