import type { Database } from 'better-sqlite3'
import type { Entry, EntryPayload } from '#contract/entries'
import type { EntryOutline, JournalStore } from '#core/ports/store'
import { atomic } from './atomic'

interface EntryRow {
  readonly id: string
  readonly session_id: string
  readonly parent_id: string | null
  readonly run_id: string | null
  readonly step_id: string | null
  readonly at: number
  readonly kind: string
  readonly payload: string
}

const columns = 'id, session_id, parent_id, run_id, step_id, at, kind, payload'

export const journalQueries = {
  get: `SELECT ${columns} FROM entries WHERE id = ?`,
  /** Newest first: each row of the recursion has one parent, so the rows come in this order. */
  path: `WITH RECURSIVE path (${columns}) AS (
      SELECT ${columns} FROM entries WHERE id = @id
      UNION ALL
      SELECT e.id, e.session_id, e.parent_id, e.run_id, e.step_id, e.at, e.kind, e.payload FROM path JOIN entries e ON e.id = path.parent_id
      LIMIT @limit
    ) SELECT ${columns} FROM path`,
  pathIds: `WITH RECURSIVE path (id, parent_id) AS (
      SELECT id, parent_id FROM entries WHERE id = ?
      UNION ALL
      SELECT e.id, e.parent_id FROM path JOIN entries e ON e.id = path.parent_id
    ) SELECT id FROM path`,
  prompts: `WITH RECURSIVE path (id, parent_id, back) AS (
      SELECT id, parent_id, 0 FROM entries WHERE id = ?
      UNION ALL
      SELECT e.id, e.parent_id, back + 1 FROM path JOIN entries e ON e.id = path.parent_id
    ) SELECT e.id, e.at, path.back, (SELECT max(back) FROM path) AS last, substr(e.payload ->> 'text', 1, 300) AS text
    FROM path CROSS JOIN entries e ON e.id = path.id WHERE e.kind = 'user_message' ORDER BY path.back LIMIT 20000`,
  outline: 'SELECT id, parent_id AS parentId, at, kind FROM entries WHERE session_id = ? ORDER BY rowid',
  ofSession: `SELECT rowid AS position, ${columns} FROM entries WHERE session_id = @sessionId AND rowid > @after ORDER BY rowid LIMIT @limit`,
  moveHead: 'UPDATE heads SET entry_id = @entryId WHERE id = @headId AND session_id = @sessionId AND entry_id IS @parentId',
}

export function createJournalStore(db: Database): JournalStore {
  const insert = db.prepare(`INSERT INTO entries (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const moveHead = db.prepare(journalQueries.moveHead)
  const select = db.prepare<[string], EntryRow>(journalQueries.get)
  const path = db.prepare<[object], EntryRow>(journalQueries.path)
  const pathIds = db.prepare<[string], { id: string }>(journalQueries.pathIds)
  const prompts = db.prepare<[string], { id: string; at: number; back: number; last: number; text: string }>(journalQueries.prompts)
  const outline = db.prepare<[string], EntryOutline>(journalQueries.outline)
  const ofSession = db.prepare<[object], EntryRow & { position: number }>(journalQueries.ofSession)

  return {
    append: atomic(db, (entry, headId) => {
      const moved = moveHead.run({ entryId: entry.id, headId, sessionId: entry.sessionId, parentId: entry.parentId })
      if (moved.changes === 0) throw new Error(`head ${headId} is not at entry ${entry.parentId}`)
      const { kind, ...rest } = entry.payload
      insert.run(entry.id, entry.sessionId, entry.parentId, entry.runId, entry.stepId, entry.at, kind, JSON.stringify(rest))
    }),
    get(id) {
      const row = select.get(id)
      return row ? toEntry(row) : null
    },
    path: (id, limit) => path.all({ id, limit: limit ?? -1 }).reverse().map(toEntry),
    pathIds: (id) => pathIds.all(id).map((row) => row.id).reverse(),
    prompts(id) {
      const rows = prompts.all(id)
      const items = rows.map(({ id: entryId, at, text, back, last }) => ({ entryId, at, text, position: last - back })).reverse()
      return { items, entries: (rows[0]?.last ?? -1) + 1 }
    },
    outline: (sessionId) => outline.all(sessionId),
    listBySession(sessionId, after, limit) {
      const rows = ofSession.all({ sessionId, after, limit })
      return { items: rows.map(toEntry), next: rows.length < limit ? null : (rows.at(-1)?.position ?? null) }
    },
  }
}

function toEntry(row: EntryRow): Entry {
  return {
    id: row.id, sessionId: row.session_id, parentId: row.parent_id, runId: row.run_id, stepId: row.step_id, at: row.at,
    payload: { kind: row.kind, ...JSON.parse(row.payload) } as EntryPayload,
  }
}
