import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { notFound } from '#core/errors'
import type { CheckpointStore, StoredCheckpoint } from '#core/ports/checkpoint-store'
import { decodeCursor, encodeCursor } from './cursor'

interface CheckpointRow {
  readonly position: number
  readonly id: string
  readonly session_id: string
  readonly workspace_id: string | null
  readonly kind: StoredCheckpoint['kind']
  readonly title: string
  readonly at: number
  readonly pinned: number
  readonly parent_id: string | null
  readonly run_id: string | null
  readonly step_id: string | null
  readonly call_id: string | null
  readonly files: StoredCheckpoint['files']
  readonly tree_id: string | null
  readonly interval: number
  readonly head_id: string
  readonly entry_id: string | null
  readonly memory_revision: number | null
  readonly task_revision: number | null
  readonly restore: string | null
  readonly prompt: string | null
  readonly changes: string | null
  readonly cost_usd: number | null
  readonly stored_bytes: number
  readonly coverage: string
}

const columns = `position, id, session_id, workspace_id, kind, title, at, pinned, parent_id, run_id, step_id, call_id, files, tree_id, interval,
  head_id, entry_id, memory_revision, task_revision, restore, prompt, changes, cost_usd, stored_bytes, coverage`

export const checkpointQueries = {
  get: `SELECT ${columns} FROM checkpoints WHERE id = ?`,
  list: `SELECT ${columns} FROM checkpoints WHERE session_id = @sessionId AND position < @before ORDER BY position DESC LIMIT @limit`,
  listByRun: `SELECT ${columns} FROM checkpoints WHERE run_id = ? ORDER BY position`,
  listPinned: `SELECT ${columns} FROM checkpoints WHERE pinned = 1 AND position < @before ORDER BY position DESC LIMIT @limit`,
  listKept: "SELECT id, session_id, workspace_id, kind, tree_id, at, pinned FROM checkpoints WHERE files = 'kept' ORDER BY position DESC",
  adopt: 'UPDATE checkpoints SET parent_id = @parentId WHERE parent_id = @id',
  move: 'UPDATE checkpoint_positions SET checkpoint_id = @parentId WHERE session_id = @sessionId AND checkpoint_id = @id',
}

const CursorSchema = z.tuple([z.number().int().nonnegative()])

export function createCheckpointStore(db: Database): CheckpointStore {
  const insert = db.prepare(`INSERT INTO checkpoints (${columns.replace('position, ', '')}) VALUES (@id, @sessionId, @workspaceId, @kind, @title, @at, @pinned,
    @parentId, @runId, @stepId, @callId, @files, @treeId, @interval, @headId, @entryId, @memoryRevision, @taskRevision, @restore, @prompt, @changes, @costUsd, @storedBytes, @coverage)`)
  const select = db.prepare<[string], CheckpointRow>(checkpointQueries.get)
  const list = db.prepare<[object], CheckpointRow>(checkpointQueries.list)
  const listByRun = db.prepare<[string], CheckpointRow>(checkpointQueries.listByRun)
  const listPinned = db.prepare<[object], CheckpointRow>(checkpointQueries.listPinned)
  const listKept = db.prepare<[], CheckpointRow>(checkpointQueries.listKept)
  const update = db.prepare('UPDATE checkpoints SET title = @title, pinned = @pinned, changes = @changes, files = @files WHERE id = @id')
  const adopt = db.prepare(checkpointQueries.adopt)
  const move = db.prepare(checkpointQueries.move)
  const forget = db.prepare<[string, string]>('DELETE FROM checkpoint_positions WHERE session_id = ? AND checkpoint_id = ?')
  const remove = db.prepare<[string]>('DELETE FROM checkpoints WHERE id = ?')
  const current = db.prepare<[string], string>('SELECT checkpoint_id FROM checkpoint_positions WHERE session_id = ?').pluck()
  const setCurrent = db.prepare('INSERT INTO checkpoint_positions (session_id, checkpoint_id) VALUES (?, ?) ON CONFLICT (session_id) DO UPDATE SET checkpoint_id = excluded.checkpoint_id')
  const clearCurrent = db.prepare<[string]>('DELETE FROM checkpoint_positions WHERE session_id = ?')

  const get = (id: string) => {
    const row = select.get(id)
    return row ? toCheckpoint(row) : null
  }

  return {
    insert({ conversation, coverage, changes, restore, pinned, ...rest }) {
      insert.run({
        ...rest, headId: conversation.headId, entryId: conversation.entryId, coverage: JSON.stringify(coverage),
        changes: changes && JSON.stringify(changes), restore: restore && JSON.stringify(restore), pinned: pinned ? 1 : 0,
      })
    },
    get,
    patch: db.transaction<CheckpointStore['patch']>((id, patch) => {
      const known = get(id)
      if (!known) throw notFound('Checkpoint', id)
      const { title, pinned, changes, files } = { ...known, ...patch }
      update.run({ id, title, pinned: pinned ? 1 : 0, changes: changes && JSON.stringify(changes), files })
    }).immediate,
    remove: db.transaction<CheckpointStore['remove']>((id) => {
      const known = get(id)
      if (!known) return
      adopt.run({ id, parentId: known.parentId })
      if (known.parentId === null) forget.run(known.sessionId, id)
      else move.run({ id, parentId: known.parentId, sessionId: known.sessionId })
      remove.run(id)
    }).immediate,
    list: (sessionId, { cursor, limit }) => toPage(list.all({ sessionId, before: beforeOf(cursor), limit: limit + 1 }), limit),
    listPinned: ({ cursor, limit }) => toPage(listPinned.all({ before: beforeOf(cursor), limit: limit + 1 }), limit),
    listByRun: (runId) => listByRun.all(runId).map(toCheckpoint),
    listKept: () => listKept.all().map((row) => ({
      id: row.id, sessionId: row.session_id, workspaceId: row.workspace_id, kind: row.kind, treeId: row.tree_id, at: row.at, pinned: row.pinned === 1,
    })),
    current: (sessionId) => current.get(sessionId) ?? null,
    setCurrent(sessionId, checkpointId) {
      if (checkpointId === null) clearCurrent.run(sessionId)
      else setCurrent.run(sessionId, checkpointId)
    },
  }
}

function beforeOf(cursor: string | undefined): number {
  const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, CursorSchema)
  return before
}

/** Of one row more than was asked for. */
function toPage(rows: readonly CheckpointRow[], limit: number): ReturnType<CheckpointStore['list']> {
  const last = rows[limit - 1]
  return { items: rows.slice(0, limit).map(toCheckpoint), nextCursor: rows.length > limit && last ? encodeCursor([last.position]) : null }
}

function toCheckpoint(row: CheckpointRow): StoredCheckpoint {
  return {
    id: row.id, sessionId: row.session_id, workspaceId: row.workspace_id, kind: row.kind, title: row.title, at: row.at, pinned: row.pinned === 1,
    parentId: row.parent_id, runId: row.run_id, stepId: row.step_id, callId: row.call_id, files: row.files, treeId: row.tree_id, interval: row.interval,
    conversation: { headId: row.head_id, entryId: row.entry_id }, memoryRevision: row.memory_revision, taskRevision: row.task_revision,
    restore: row.restore === null ? null : JSON.parse(row.restore), prompt: row.prompt, changes: row.changes === null ? null : JSON.parse(row.changes), costUsd: row.cost_usd, storedBytes: row.stored_bytes,
    coverage: JSON.parse(row.coverage),
  }
}
