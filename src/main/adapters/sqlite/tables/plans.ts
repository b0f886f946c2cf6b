import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { PlanState } from '#contract/plans'
import { notFound } from '#core/errors'
import type { PlanStore, StoredPlan } from '#core/ports/plan-store'
import { decodeCursor, encodeCursor } from './cursor'

interface PlanRow {
  readonly position: number
  readonly id: string
  readonly session_id: string
  readonly run_id: string
  readonly call_key: string
  readonly request_id: string
  readonly state: PlanState
  readonly title: string
  readonly body: string
  readonly task_ids: string
  readonly message: string | null
  readonly revision: number
  readonly created_at: number
  readonly decided_at: number | null
  readonly ended_at: number | null
}

type Body = Pick<StoredPlan, 'tasks' | 'stopOnFailure'>

const from = 'SELECT position, id, session_id, run_id, call_key, request_id, state, title, body, task_ids, message, revision, created_at, decided_at, ended_at FROM plans'
const newestFirst = 'AND position < @before ORDER BY position DESC LIMIT @limit'

export const planQueries = {
  get: `${from} WHERE id = ?`,
  findByCall: `${from} WHERE run_id = ? AND call_key = ?`,
  findByRequest: `${from} WHERE request_id = ?`,
  inState: `${from} WHERE state = ? ORDER BY position`,
  list: `${from} WHERE (@state IS NULL OR state = @state) ${newestFirst}`,
  listOfSession: `${from} WHERE session_id = @sessionId AND (@state IS NULL OR state = @state) ${newestFirst}`,
}

const CursorSchema = z.tuple([z.number().int().nonnegative()])

export function createPlanStore(db: Database): PlanStore {
  const insert = db.prepare(`INSERT INTO plans (id, session_id, run_id, call_key, request_id, state, title, body, task_ids, message, revision, created_at, decided_at, ended_at)
    VALUES (@id, @sessionId, @runId, @callKey, @requestId, @state, @title, @body, @taskIds, @message, @revision, @createdAt, @decidedAt, @endedAt)`)
  const update = db.prepare(`UPDATE plans SET state = @state, title = @title, body = @body, task_ids = @taskIds, message = @message, revision = @revision,
    decided_at = @decidedAt, ended_at = @endedAt WHERE id = @id`)
  const select = db.prepare<[string], PlanRow>(planQueries.get)
  const findByCall = db.prepare<[string, string], PlanRow>(planQueries.findByCall)
  const findByRequest = db.prepare<[string], PlanRow>(planQueries.findByRequest)
  const inState = db.prepare<[string], PlanRow>(planQueries.inState)
  const list = db.prepare<[object], PlanRow>(planQueries.list)
  const listOfSession = db.prepare<[object], PlanRow>(planQueries.listOfSession)
  const one = (row: PlanRow | undefined) => (row ? toPlan(row) : null)

  return {
    insert(plan) {
      insert.run(toRow(plan))
    },
    get: (id) => one(select.get(id)),
    findByCall: (runId, callKey) => one(findByCall.get(runId, callKey)),
    findByRequest: (requestId) => one(findByRequest.get(requestId)),
    list({ state, sessionId, cursor, limit }) {
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, CursorSchema)
      const key = { state: state ?? null, before, limit: limit + 1 }
      const rows = sessionId === undefined ? list.all(key) : listOfSession.all({ ...key, sessionId })
      const last = rows[limit - 1]
      return { items: rows.slice(0, limit).map(toPlan), nextCursor: rows.length > limit && last ? encodeCursor([last.position]) : null }
    },
    inState: (state) => inState.all(state).map(toPlan),
    patch(id, patch) {
      const plan = one(select.get(id))
      if (!plan) throw notFound('Plan', id)
      update.run(toRow({ ...plan, ...patch }))
    },
  }
}

function toRow({ tasks, stopOnFailure, taskIds, ...plan }: StoredPlan): object {
  return { ...plan, body: JSON.stringify({ tasks, stopOnFailure } satisfies Body), taskIds: JSON.stringify(taskIds) }
}

function toPlan(row: PlanRow): StoredPlan {
  const { tasks, stopOnFailure }: Body = JSON.parse(row.body)
  return {
    id: row.id, sessionId: row.session_id, runId: row.run_id, callKey: row.call_key, requestId: row.request_id, state: row.state, title: row.title, tasks, stopOnFailure,
    taskIds: JSON.parse(row.task_ids), message: row.message, revision: row.revision, createdAt: row.created_at, decidedAt: row.decided_at, endedAt: row.ended_at,
  }
}
