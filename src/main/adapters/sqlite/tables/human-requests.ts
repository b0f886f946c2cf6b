import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { HumanRequest } from '#contract/human-requests'
import type { HumanRequestStore } from '#core/ports/store'
import { decodeCursor, encodeCursor } from './cursor'

interface RequestRow {
  readonly position: number
  readonly id: string
  readonly session_id: string
  readonly run_id: string
  readonly call_id: string
  readonly kind: HumanRequest['kind']
  readonly status: HumanRequest['status']
  readonly payload: string
  readonly created_at: number
  readonly answered_at: number | null
  readonly parked_at: number | null
  readonly answer: string | null
}

type Payload = Pick<HumanRequest, 'toolName' | 'arguments' | 'title' | 'reason' | 'preview' | 'decisions' | 'choices' | 'asker' | 'planId' | 'workflowRunId' | 'flow'>

const from = 'SELECT position, id, session_id, run_id, call_id, kind, status, payload, created_at, answered_at, parked_at, answer FROM human_requests'
const page = 'position > @after ORDER BY position LIMIT @limit'

export const humanRequestQueries = {
  get: `${from} WHERE id = ?`,
  findByCall: `${from} WHERE run_id = ? AND call_id = ? AND kind = ? ORDER BY position DESC LIMIT 1`,
  list: `${from} WHERE ${page}`,
  listByStatus: `${from} WHERE status = @status AND ${page}`,
  listBySession: `${from} WHERE session_id = @sessionId AND ${page}`,
  listBySessionAndStatus: `${from} WHERE session_id = @sessionId AND status = @status AND ${page}`,
  listOpenByRun: `${from} WHERE run_id = ? AND status = 'open' ORDER BY position`,
  listToPark: `${from} WHERE status = 'open' AND parked_at IS NULL AND created_at <= ? ORDER BY created_at LIMIT ?`,
  park: 'UPDATE human_requests SET parked_at = ? WHERE id = ?',
  close: "UPDATE human_requests SET status = @status, answer = @answer, answered_at = @at WHERE id = @id AND status = 'open'",
}

const CursorSchema = z.tuple([z.number().int().nonnegative()])

/** Lists are oldest first: what has waited longest is on top. */
export function createHumanRequestStore(db: Database): HumanRequestStore {
  const insert = db.prepare(`INSERT INTO human_requests (id, session_id, run_id, call_id, kind, status, payload, created_at, answered_at, answer)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const select = db.prepare<[string], RequestRow>(humanRequestQueries.get)
  const findByCall = db.prepare<[string, string, string], RequestRow>(humanRequestQueries.findByCall)
  const list = db.prepare<[object], RequestRow>(humanRequestQueries.list)
  const listByStatus = db.prepare<[object], RequestRow>(humanRequestQueries.listByStatus)
  const listBySession = db.prepare<[object], RequestRow>(humanRequestQueries.listBySession)
  const listBySessionAndStatus = db.prepare<[object], RequestRow>(humanRequestQueries.listBySessionAndStatus)
  const listOpenByRun = db.prepare<[string], RequestRow>(humanRequestQueries.listOpenByRun)
  const listToPark = db.prepare<[number, number], RequestRow>(humanRequestQueries.listToPark)
  const park = db.prepare<[number, string]>(humanRequestQueries.park)
  const close = db.prepare(humanRequestQueries.close)

  return {
    insert(request) {
      const { toolName, arguments: args, title, reason, preview, decisions, choices, asker, planId, workflowRunId, flow } = request
      const payload: Payload = { toolName, arguments: args, title, reason, ...(preview && { preview }), decisions, choices, ...(asker && { asker }), ...(planId !== undefined && { planId }), ...(workflowRunId !== undefined && { workflowRunId }), ...(flow && { flow }) }
      insert.run(
        request.id, request.sessionId, request.runId, request.callId, request.kind, request.status, JSON.stringify(payload),
        request.createdAt, request.answeredAt, request.answer === null ? null : JSON.stringify(request.answer),
      )
    },
    get(id) {
      const row = select.get(id)
      return row ? toRequest(row) : null
    },
    findByCall(runId, callId, kind) {
      const row = findByCall.get(runId, callId, kind)
      return row ? toRequest(row) : null
    },
    list({ status, sessionId, cursor, limit }) {
      const [after] = cursor === undefined ? [0] : decodeCursor(cursor, CursorSchema)
      const statement = sessionId === undefined
        ? (status === undefined ? list : listByStatus)
        : (status === undefined ? listBySession : listBySessionAndStatus)
      const rows = statement.all({ status, sessionId, after, limit: limit + 1 })
      const last = rows[limit - 1]
      return { items: rows.slice(0, limit).map(toRequest), nextCursor: rows.length > limit && last ? encodeCursor([last.position]) : null }
    },
    close: (id, status, answer, at) => close.run({ id, status, at, answer: answer === null ? null : JSON.stringify(answer) }).changes === 1,
    listToPark: (before, limit) => listToPark.all(before, limit).map(toRequest),
    park: (id, at) => void park.run(at, id),
    listOpenByRun: (runId) => listOpenByRun.all(runId).map(toRequest),
  }
}

function toRequest(row: RequestRow): HumanRequest {
  const payload: Payload = JSON.parse(row.payload)
  return {
    id: row.id, sessionId: row.session_id, runId: row.run_id, callId: row.call_id, kind: row.kind, status: row.status,
    ...payload,
    createdAt: row.created_at, answeredAt: row.answered_at, parkedAt: row.parked_at, answer: row.answer === null ? null : JSON.parse(row.answer),
  }
}
