import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { TaskRun } from '#contract/tasks'
import { notFound } from '#core/errors'
import type { StoredTaskRun, TaskRunStore } from '#core/ports/task-store'
import { atomic } from './atomic'
import { decodeCursor, encodeCursor } from './cursor'
import { fromUsageRow, toUsageRow, usageColumns, type UsageRow } from './usage-columns'

interface TaskRunRow extends UsageRow {
  readonly position: number
  readonly id: string
  readonly task_id: string
  readonly number: number
  readonly state: TaskRun['state']
  readonly session_id: string | null
  readonly run_id: string | null
  readonly error: string | null
  readonly worked_ms: number
  readonly started_at: number
  readonly ended_at: number | null
}

const from = `SELECT position, id, task_id, number, state, session_id, run_id, ${usageColumns}, error, worked_ms, started_at, ended_at FROM task_runs`

export const taskRunQueries = {
  get: `${from} WHERE id = ?`,
  newest: `${from} WHERE task_id = ? ORDER BY number DESC LIMIT 1`,
  findByRun: `${from} WHERE run_id = ?`,
  findBySession: `${from} WHERE session_id = ? ORDER BY position DESC LIMIT 1`,
  listOpen: `${from} WHERE ended_at IS NULL ORDER BY started_at`,
  list: `${from} WHERE task_id = @taskId AND number < @before ORDER BY number DESC LIMIT @limit`,
  spent: `SELECT coalesce(sum(input_tokens), 0) AS input_tokens, coalesce(sum(output_tokens), 0) AS output_tokens, coalesce(sum(cached_tokens), 0) AS cached_tokens,
    coalesce(sum(total_tokens), 0) AS total_tokens, coalesce(max(estimated), 0) AS estimated, sum(cost_usd) AS cost_usd, coalesce(sum(worked_ms), 0) AS worked_ms
    FROM task_runs WHERE task_id = ? AND number < ?`,
}

const CursorSchema = z.tuple([z.number().int()])

export function createTaskRunStore(db: Database): TaskRunStore {
  const insert = db.prepare(`INSERT INTO task_runs (id, task_id, number, state, session_id, run_id, started_at)
    VALUES (@id, @taskId, @number, 'running', @sessionId, @runId, @startedAt)`)
  const select = db.prepare<[string], TaskRunRow>(taskRunQueries.get)
  const newest = db.prepare<[string], TaskRunRow>(taskRunQueries.newest)
  const findByRun = db.prepare<[string], TaskRunRow>(taskRunQueries.findByRun)
  const findBySession = db.prepare<[string], TaskRunRow>(taskRunQueries.findBySession)
  const listOpen = db.prepare<[], TaskRunRow>(taskRunQueries.listOpen)
  const list = db.prepare<[object], TaskRunRow>(taskRunQueries.list)
  const spent = db.prepare<[string, number], UsageRow & { readonly worked_ms: number }>(taskRunQueries.spent)
  const update = db.prepare(`UPDATE task_runs SET state = @state, session_id = @sessionId, run_id = @runId, input_tokens = @input_tokens, output_tokens = @output_tokens,
    cached_tokens = @cached_tokens, total_tokens = @total_tokens, estimated = @estimated, cost_usd = @cost_usd, error = @error, worked_ms = @workedMs, ended_at = @endedAt
    WHERE id = @id`)
  const one = (row: TaskRunRow | undefined) => (row ? toTaskRun(row) : null)

  return {
    insert: (run) => void insert.run(run),
    get: (id) => one(select.get(id)),
    newest: (taskId) => one(newest.get(taskId)),
    findByRun: (runId) => one(findByRun.get(runId)),
    findBySession: (sessionId) => one(findBySession.get(sessionId)),
    listOpen: () => listOpen.all().map(toTaskRun),
    patch: atomic(db, (id, patch) => {
      const known = one(select.get(id))
      if (!known) throw notFound('Attempt', id)
      const { state, sessionId, runId, usage, costUsd, error, workedMs, endedAt } = { ...known, ...patch }
      update.run({ id, state, sessionId, runId, ...toUsageRow(usage, costUsd), error: error === null ? null : JSON.stringify(error), workedMs, endedAt })
    }),
    list: (taskId, { cursor, limit }) => {
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, CursorSchema)
      const rows = list.all({ taskId, before, limit: limit + 1 })
      const last = rows[limit - 1]
      return { items: rows.slice(0, limit).map(toTaskRun), nextCursor: rows.length > limit && last ? encodeCursor([last.number]) : null }
    },
    spent: (taskId, before = Number.MAX_SAFE_INTEGER) => {
      const row = spent.get(taskId, before)
      if (!row) throw new Error('a sum without a row')
      return { ...fromUsageRow(row), workedMs: row.worked_ms }
    },
  }
}

function toTaskRun(row: TaskRunRow): StoredTaskRun {
  return {
    id: row.id, taskId: row.task_id, number: row.number, state: row.state, sessionId: row.session_id, runId: row.run_id, ...fromUsageRow(row),
    error: row.error === null ? null : JSON.parse(row.error), workedMs: row.worked_ms, startedAt: row.started_at, endedAt: row.ended_at,
  }
}
