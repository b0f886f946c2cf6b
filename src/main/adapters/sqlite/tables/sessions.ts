import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { IdSchema, TimestampSchema } from '#contract/common'
import type { Head, Session, SessionStatus } from '#contract/sessions'
import { notFound } from '#core/errors'
import type { SessionConditions, SessionStore } from '#core/ports/store'
import { decodeCursor, encodeCursor } from './cursor'
import type { SearchIndex } from './search'
import { addUsageAssignments, fromUsageRow, toUsageRow, usageColumns, type UsageRow } from './usage-columns'

interface SessionRow extends UsageRow {
  readonly id: string
  readonly workspace_id: string | null
  readonly title: string
  readonly model: string | null
  readonly mode: Session['mode']
  readonly archived: number
  readonly pinned: number
  readonly deleted_at: number | null
  readonly active_head_id: string
  readonly created_at: number
  readonly updated_at: number
  readonly heads: string
  readonly open_requests: number
  readonly queued_runs: number
  readonly status: SessionStatus
  readonly agent: string | null
}

interface ConditionsRow extends Pick<SessionRow, 'workspace_id' | 'model' | 'mode'> {
  readonly name: string | null
  readonly trusted: number | null
}

/**
 * A run that waits with nothing open has its answer and is about to go on: it counts as running. Messages that were
 * queued behind an interrupted turn, or taken out of the queue again, do not hide that it can be resumed.
 */
const columns = `
  s.id, s.workspace_id, s.title, s.model, s.mode, s.archived, s.pinned, s.deleted_at, s.active_head_id, ${usageColumns}, s.created_at, s.updated_at,
  (SELECT json_group_array(json_array(h.id, h.entry_id, h.created_at) ORDER BY h.position) FROM heads h WHERE h.session_id = s.id) AS heads,
  (SELECT count(*) FROM human_requests q WHERE q.session_id = s.id AND q.status = 'open') AS open_requests,
  (SELECT count(*) FROM runs r WHERE r.state = 'queued' AND r.session_id = s.id) AS queued_runs,
  CASE
    WHEN EXISTS (SELECT 1 FROM human_requests q JOIN runs r ON r.id = q.run_id
                 WHERE q.session_id = s.id AND q.status = 'open' AND r.state = 'waiting') THEN 'waiting'
    WHEN EXISTS (SELECT 1 FROM runs r WHERE r.state IN ('running', 'waiting') AND r.session_id = s.id) THEN 'running'
    WHEN (SELECT r.state FROM runs r WHERE r.session_id = s.id AND r.state <> 'queued'
          AND NOT (r.state = 'cancelled' AND r.started_at IS NULL) ORDER BY r.position DESC LIMIT 1) = 'interrupted' THEN 'interrupted'
    ELSE 'idle'
  END AS status,
  (SELECT json_object('level', a.level, 'template', a.template, 'depth', a.depth, 'parentSessionId', a.parent_session_id, 'parentRunId', a.parent_run_id,
    'handedOverAt', a.handed_over_at) FROM agents a WHERE a.session_id = s.id) AS agent`

/** What agents began belongs to them, until they hand it over. */
const isListed = `NOT EXISTS (SELECT 1 FROM agents a WHERE a.session_id = s.id AND a.level <> 'task' AND a.handed_over_at IS NULL)`

const CursorSchema = z.tuple([TimestampSchema, IdSchema])
const start: z.output<typeof CursorSchema> = [Number.MAX_SAFE_INTEGER, '']

export const sessionQueries = {
  get: `SELECT ${columns} FROM sessions s WHERE s.id = ?`,
  conditions: `SELECT s.workspace_id, s.model, s.mode, w.name, w.trusted FROM sessions s LEFT JOIN workspaces w ON w.id = s.workspace_id
    WHERE s.id = ?`,
  list: `SELECT ${columns} FROM sessions s WHERE s.archived = @archived AND s.deleted_at IS NULL AND (s.updated_at, s.id) < (@updatedAt, @id) AND ${isListed}
    ORDER BY s.updated_at DESC, s.id DESC LIMIT @limit`,
  listOfWorkspace: `SELECT ${columns} FROM sessions s
    WHERE s.workspace_id = @workspaceId AND s.archived = @archived AND s.deleted_at IS NULL AND (s.updated_at, s.id) < (@updatedAt, @id) AND ${isListed}
    ORDER BY s.updated_at DESC, s.id DESC LIMIT @limit`,
  listDeleted: `SELECT ${columns} FROM sessions s WHERE s.deleted_at IS NOT NULL AND (@workspaceId IS NULL OR s.workspace_id = @workspaceId)
    AND (s.deleted_at, s.id) < (@updatedAt, @id) ORDER BY s.deleted_at DESC, s.id DESC LIMIT @limit`,
  deletedBefore: 'SELECT id FROM sessions WHERE deleted_at < ?',
  addUsage: `UPDATE sessions SET ${addUsageAssignments} WHERE id = @id`,
}

export function createSessionStore(db: Database, index: Pick<SearchIndex, 'setTitle' | 'removeSession'>): SessionStore {
  const insert = db.prepare(`INSERT INTO sessions (id, workspace_id, title, model, mode, active_head_id, created_at, updated_at)
    VALUES (@id, @workspaceId, @title, @model, @mode, @headId, @createdAt, @createdAt)`)
  const insertHead = db.prepare<[string, string, string | null, number]>('INSERT INTO heads (id, session_id, entry_id, created_at) VALUES (?, ?, ?, ?)')
  const entryExists = db.prepare<[string, string]>('SELECT 1 FROM entries WHERE id = ? AND session_id = ?')
  const headExists = db.prepare<[string, string]>('SELECT 1 FROM heads WHERE id = ? AND session_id = ?')
  const select = db.prepare<[string], SessionRow>(sessionQueries.get)
  const conditions = db.prepare<[string], ConditionsRow>(sessionQueries.conditions)
  const list = db.prepare<[object], SessionRow>(sessionQueries.list)
  const listOfWorkspace = db.prepare<[object], SessionRow>(sessionQueries.listOfWorkspace)
  const listDeleted = db.prepare<[object], SessionRow>(sessionQueries.listDeleted)
  const deletedBefore = db.prepare<[number], { id: string }>(sessionQueries.deletedBefore)
  const update = db.prepare(`UPDATE sessions SET title = @title, model = @model, mode = @mode, archived = @archived, pinned = @pinned, deleted_at = @deletedAt,
    active_head_id = @activeHeadId, updated_at = @updatedAt WHERE id = @id`)
  const addUsage = db.prepare(sessionQueries.addUsage)
  const removeGrants = db.prepare<[string]>("DELETE FROM grants WHERE session_id = ? AND scope = 'session'")
  const remove = db.prepare<[string]>('DELETE FROM sessions WHERE id = ?')

  const get = (id: string) => {
    const row = select.get(id)
    return row ? toSession(row) : null
  }
  const addHead = (sessionId: string, head: Head) => {
    if (head.entryId !== null && !entryExists.get(head.entryId, sessionId)) throw notFound('Entry', head.entryId)
    insertHead.run(head.id, sessionId, head.entryId, head.createdAt)
  }

  return {
    insert: db.transaction<SessionStore['insert']>(({ head, ...session }) => {
      insert.run({ ...session, headId: head.id })
      addHead(session.id, head)
      index.setTitle(session.id, session.title, session.createdAt)
    }).immediate,
    get,
    conditions(id) {
      const row = conditions.get(id)
      return row ? toConditions(row) : null
    },
    list({ workspaceId, archived, deleted = false, cursor, limit }) {
      const [updatedAt, id] = cursor === undefined ? start : decodeCursor(cursor, CursorSchema)
      const key = { archived: archived ? 1 : 0, updatedAt, id, limit: limit + 1 }
      const rows = deleted
        ? listDeleted.all({ updatedAt, id, limit: limit + 1, workspaceId: workspaceId ?? null })
        : workspaceId === undefined ? list.all(key) : listOfWorkspace.all({ ...key, workspaceId })
      const items = rows.slice(0, limit).map(toSession)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodeCursor([deleted ? (last.deletedAt ?? 0) : last.updatedAt, last.id]) : null }
    },
    patch: db.transaction<SessionStore['patch']>((id, patch) => {
      const session = get(id)
      if (!session) throw notFound('Session', id)
      if (patch.activeHeadId !== undefined && !headExists.get(patch.activeHeadId, id)) throw notFound('Branch', patch.activeHeadId)
      update.run({
        id, updatedAt: patch.updatedAt ?? session.updatedAt,
        title: patch.title ?? session.title,
        model: patch.model === undefined ? session.model : patch.model,
        mode: patch.mode ?? session.mode,
        archived: (patch.archived ?? session.archived) ? 1 : 0,
        pinned: (patch.pinned ?? session.pinned) ? 1 : 0,
        deletedAt: patch.deletedAt === undefined ? session.deletedAt : patch.deletedAt,
        activeHeadId: patch.activeHeadId ?? session.activeHeadId,
      })
      if (patch.title !== undefined && patch.title !== session.title) index.setTitle(id, patch.title, session.createdAt)
    }).immediate,
    listDeletedBefore: (before) => deletedBefore.all(before).map(({ id }) => id),
    addUsage(id, usage, costUsd) {
      if (addUsage.run({ id, ...toUsageRow(usage, costUsd) }).changes === 0) throw notFound('Session', id)
    },
    remove: db.transaction<SessionStore['remove']>((id) => {
      removeGrants.run(id)
      index.removeSession(id, () => remove.run(id))
    }).immediate,
    insertHead: db.transaction<SessionStore['insertHead']>((sessionId, head) => {
      if (!select.get(sessionId)) throw notFound('Session', sessionId)
      addHead(sessionId, head)
    }).immediate,
  }
}

function toConditions({ workspace_id: workspaceId, model, mode, name, trusted }: ConditionsRow): SessionConditions {
  return { workspaceId, model, mode, workspace: name === null ? null : { name, trusted: trusted === 1 } }
}

function toSession(row: SessionRow): Session {
  const heads: [string, string | null, number][] = JSON.parse(row.heads)
  return {
    id: row.id, workspaceId: row.workspace_id, title: row.title, model: row.model, mode: row.mode,
    status: row.status, archived: row.archived === 1, pinned: row.pinned === 1, deletedAt: row.deleted_at,
    activeHeadId: row.active_head_id,
    heads: heads.map(([id, entryId, createdAt]) => ({ id, entryId, createdAt })),
    openRequests: row.open_requests, queuedRuns: row.queued_runs,
    ...(row.agent !== null && { agent: JSON.parse(row.agent) }),
    ...fromUsageRow(row),
    createdAt: row.created_at, updatedAt: row.updated_at,
  }
}
