import type { Database } from 'better-sqlite3'
import type { Step } from '#contract/runs'
import { notFound } from '#core/errors'
import type { StepStore } from '#core/ports/store'
import { atomic } from './atomic'

interface StepRow {
  readonly id: string
  readonly run_id: string
  readonly session_id: string
  readonly number: number
  readonly kind: Step['kind']
  readonly state: Step['state']
  readonly name: string
  readonly purpose: Step['purpose']
  readonly call_id: string | null
  readonly repeatable: number
  readonly fingerprint: string | null
  readonly entry_id: string | null
  readonly started_at: number
  readonly ended_at: number | null
  readonly partial_text: string | null
  readonly usage: string | null
  readonly cost_usd: number | null
  readonly error: string | null
}

const columns = `id, run_id, (SELECT r.session_id FROM runs r WHERE r.id = run_id) AS session_id, number, kind, state, name, purpose, call_id,
  repeatable, fingerprint, entry_id, started_at, ended_at, partial_text, usage, cost_usd, error`

export const stepQueries = {
  count: 'UPDATE runs SET steps = steps + 1 WHERE id = ? AND session_id = ? RETURNING steps',
  get: `SELECT ${columns} FROM steps WHERE id = ?`,
  finish: `UPDATE steps SET state = @state, entry_id = @entryId, ended_at = @endedAt, usage = @usage, cost_usd = @costUsd, error = @error,
    partial_text = CASE WHEN @state = 'completed' THEN NULL ELSE partial_text END
    WHERE id = @id AND state = 'intended' RETURNING ${columns}`,
  listByRun: `SELECT ${columns} FROM steps WHERE run_id = ? ORDER BY number`,
  findByCall: `SELECT ${columns} FROM steps WHERE run_id = ? AND call_id = ? ORDER BY number DESC LIMIT 1`,
  busiestMinutes: `SELECT max(calls) FROM (SELECT s.run_id, count(*) AS calls FROM (SELECT r.id FROM sessions se CROSS JOIN runs r ON r.session_id = se.id
    WHERE se.workspace_id = ? AND r.ended_at IS NOT NULL ORDER BY r.ended_at DESC LIMIT ?) newest CROSS JOIN steps s ON s.run_id = newest.id
    WHERE s.kind = 'tool' GROUP BY s.run_id, s.started_at / 60000) GROUP BY run_id`,
  listUnfinished: `SELECT ${columns} FROM steps WHERE state = 'intended' ORDER BY started_at, number`,
}

export function createStepStore(db: Database): StepStore {
  const count = db.prepare<[string, string], { steps: number }>(stepQueries.count)
  const insert = db.prepare(`INSERT INTO steps (id, run_id, number, kind, state, name, purpose, call_id, repeatable, fingerprint, started_at)
    VALUES (?, ?, ?, ?, 'intended', ?, ?, ?, ?, ?, ?)`)
  const select = db.prepare<[string], StepRow>(stepQueries.get)
  const finish = db.prepare<[object], StepRow>(stepQueries.finish)
  const savePartialText = db.prepare<[string, string]>("UPDATE steps SET partial_text = ? WHERE id = ? AND state = 'intended'")
  const listByRun = db.prepare<[string], StepRow>(stepQueries.listByRun)
  const findByCall = db.prepare<[string, string], StepRow>(stepQueries.findByCall)
  const listUnfinished = db.prepare<[], StepRow>(stepQueries.listUnfinished)
  const busiestMinutes = db.prepare<[string, number], number>(stepQueries.busiestMinutes).pluck()

  return {
    insert: atomic(db, ({ step, repeatable, fingerprint }) => {
      const run = count.get(step.runId, step.sessionId)
      if (!run) throw notFound('Run', step.runId)
      insert.run(
        step.id, step.runId, run.steps, step.kind, step.name, step.purpose, step.callId,
        repeatable ? 1 : 0, fingerprint === undefined ? null : JSON.stringify(fingerprint), step.startedAt,
      )
      return { ...step, number: run.steps, state: 'intended', entryId: null, endedAt: null, partialText: null, usage: null, costUsd: null, error: null }
    }),
    finish(id, { state, entryId, endedAt, usage, costUsd, error }) {
      const row = finish.get({
        id, state, entryId, endedAt, costUsd,
        usage: usage === null ? null : JSON.stringify(usage),
        error: error === null ? null : JSON.stringify(error),
      })
      if (!row) throw new Error(`step ${id} is unknown or already has a result`)
      return toStep(row)
    },
    savePartialText(id, text) {
      savePartialText.run(text, id)
    },
    get(id) {
      const row = select.get(id)
      return row ? toStep(row) : null
    },
    listByRun: (runId) => listByRun.all(runId).map(toStep),
    findByCall(runId, callId) {
      const row = findByCall.get(runId, callId)
      if (!row) return null
      return { step: toStep(row), repeatable: row.repeatable === 1, fingerprint: row.fingerprint === null ? undefined : JSON.parse(row.fingerprint) }
    },
    busiestMinutes: (workspaceId, limit) => busiestMinutes.all(workspaceId, limit),
    listUnfinished: () => listUnfinished.all().map(toStep),
  }
}

function toStep(row: StepRow): Step {
  return {
    id: row.id, runId: row.run_id, sessionId: row.session_id, number: row.number, kind: row.kind, state: row.state, name: row.name,
    purpose: row.purpose, callId: row.call_id, entryId: row.entry_id, startedAt: row.started_at, endedAt: row.ended_at,
    partialText: row.partial_text,
    usage: row.usage === null ? null : JSON.parse(row.usage),
    costUsd: row.cost_usd,
    error: row.error === null ? null : JSON.parse(row.error),
  }
}
