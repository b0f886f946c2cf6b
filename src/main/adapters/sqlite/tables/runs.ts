import type { Database } from 'better-sqlite3'
import type { Attachment } from '#contract/attachments'
import type { Run, RunState } from '#contract/runs'
import { notFound } from '#core/errors'
import type { RunStore } from '#core/ports/store'
import { addUsageAssignments, fromUsageRow, toUsageRow, usageColumns, type UsageRow } from './usage-columns'

interface RunRow extends UsageRow {
  readonly position: number
  readonly id: string
  readonly session_id: string
  readonly head_id: string
  readonly state: RunState
  readonly text: string
  readonly attachments: string | null
  readonly queue_order: number
  readonly prompt_try: number | null
  readonly joins: number
  readonly joined_run_id: string | null
  readonly entry_id: string | null
  readonly model: string | null
  readonly mode: Run['mode']
  readonly steps: number
  readonly error: string | null
  readonly created_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
}

const from = `SELECT position, id, session_id, head_id, state, text, attachments, coalesce(queue_order, position) AS queue_order, prompt_try, joins, joined_run_id, entry_id, model, mode, steps, ${usageColumns}, error, created_at, started_at, ended_at
  FROM runs JOIN run_texts ON run = position`

export const runQueries = {
  get: `${from} WHERE id = ?`,
  spent: `SELECT steps, ${usageColumns} FROM runs WHERE id = ?`,
  listInStates: `${from} WHERE state IN (SELECT value FROM json_each(?)) ORDER BY coalesce(queue_order, position)`,
  listInStatesOfSession: `${from} WHERE state IN (SELECT value FROM json_each(?)) AND session_id = ? ORDER BY coalesce(queue_order, position)`,
  listBySession: `${from} WHERE session_id = ? ORDER BY position DESC LIMIT ?`,
  addUsage: `UPDATE runs SET ${addUsageAssignments} WHERE id = @id`,
}

export function createRunStore(db: Database): RunStore {
  const insert = db.prepare(`INSERT INTO runs (id, session_id, head_id, state, model, mode, prompt_try, joins, created_at)
    VALUES (@id, @sessionId, @headId, 'queued', @model, @mode, @promptTry, @joins, @createdAt)`)
  const insertText = db.prepare<[number | bigint, string, string | null]>('INSERT INTO run_texts (run, text, attachments) VALUES (?, ?, ?)')
  const select = db.prepare<[string], RunRow>(runQueries.get)
  const spent = db.prepare<[string], UsageRow & Pick<RunRow, 'steps'>>(runQueries.spent)
  const update = db.prepare(`UPDATE runs SET head_id = @headId, state = @state, entry_id = @entryId, model = @model, mode = @mode,
    error = @error, queue_order = @order, started_at = @startedAt, ended_at = @endedAt, joins = @joins, joined_run_id = @joinedRunId WHERE position = @position`)
  const updateText = db.prepare<[string, string | null, number]>('UPDATE run_texts SET text = ?, attachments = ? WHERE run = ?')
  const addUsage = db.prepare(runQueries.addUsage)
  const listInStates = db.prepare<[string], RunRow>(runQueries.listInStates)
  const listInStatesOfSession = db.prepare<[string, string], RunRow>(runQueries.listInStatesOfSession)
  const listBySession = db.prepare<[string, number], RunRow>(runQueries.listBySession)

  return {
    insert: db.transaction<RunStore['insert']>(({ text, attachments, promptTry = null, joins = false, ...run }) => {
      insertText.run(insert.run({ ...run, promptTry, joins: joins ? 1 : 0 }).lastInsertRowid, text, toColumn(attachments))
    }).immediate,
    get(id) {
      const row = select.get(id)
      return row ? toRun(row) : null
    },
    spent(id) {
      const row = spent.get(id)
      return row ? { steps: row.steps, ...fromUsageRow(row) } : null
    },
    patch: db.transaction<RunStore['patch']>((id, patch) => {
      const row = select.get(id)
      if (!row) throw notFound('Run', id)
      const { headId, state, text, attachments, order, entryId, model, mode, error, startedAt, endedAt, joins, joinedRunId } = { ...toRun(row), ...patch }
      update.run({
        position: row.position, headId, state, entryId, model, mode, startedAt, endedAt, order, joins: joins ? 1 : 0, joinedRunId,
        error: error === null ? null : JSON.stringify(error),
      })
      if (text !== row.text || patch.attachments !== undefined) updateText.run(text, toColumn(attachments), row.position)
    }).immediate,
    addUsage(id, usage, costUsd) {
      if (addUsage.run({ id, ...toUsageRow(usage, costUsd) }).changes === 0) throw notFound('Run', id)
    },
    listInStates(states, sessionId) {
      const wanted = JSON.stringify(states)
      return (sessionId === undefined ? listInStates.all(wanted) : listInStatesOfSession.all(wanted, sessionId)).map(toRun)
    },
    listBySession: (sessionId, limit) => listBySession.all(sessionId, limit).map(toRun),
  }
}

function toColumn(attachments: readonly Attachment[]): string | null {
  return attachments.length === 0 ? null : JSON.stringify(attachments)
}

function toRun(row: RunRow): Run {
  return {
    id: row.id, sessionId: row.session_id, headId: row.head_id, state: row.state, text: row.text,
    attachments: row.attachments === null ? [] : JSON.parse(row.attachments), order: row.queue_order, promptTry: row.prompt_try, joins: row.joins === 1, joinedRunId: row.joined_run_id, entryId: row.entry_id,
    model: row.model, mode: row.mode, steps: row.steps,
    ...fromUsageRow(row),
    error: row.error === null ? null : JSON.parse(row.error),
    createdAt: row.created_at, startedAt: row.started_at, endedAt: row.ended_at,
  }
}
