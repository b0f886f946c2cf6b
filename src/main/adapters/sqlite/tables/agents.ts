import type { Database } from 'better-sqlite3'
import { notFound } from '#core/errors'
import type { AgentStore, StoredAgent } from '#core/ports/agent-store'
import { fromUsageRow, type UsageRow } from './usage-columns'

interface AgentRow {
  readonly session_id: string
  readonly level: StoredAgent['level']
  readonly template: string
  readonly depth: number
  readonly run_id: string | null
  readonly parent_session_id: string | null
  readonly parent_run_id: string | null
  readonly call_key: string | null
  readonly call_id: string | null
  readonly instruction: string
  readonly limits: string
  readonly handed_over_at: number | null
  readonly created_at: number
}

const columns = 'session_id, level, template, depth, run_id, parent_session_id, parent_run_id, call_key, call_id, instruction, limits, handed_over_at, created_at'

/** An agent's own children hang on its runs. */
const below = `WITH RECURSIVE below (session_id) AS (
    SELECT session_id FROM agents WHERE parent_run_id = ? AND level <> 'task'
    UNION
    SELECT a.session_id FROM below b CROSS JOIN runs r ON r.session_id = b.session_id CROSS JOIN agents a ON a.parent_run_id = r.id WHERE a.level <> 'task'
  )`

export const agentQueries = {
  get: `SELECT ${columns} FROM agents WHERE session_id = ?`,
  findByCall: `SELECT ${columns} FROM agents WHERE parent_run_id = ? AND call_key = ?`,
  children: `SELECT ${columns} FROM agents WHERE parent_run_id = ? AND level <> 'task' ORDER BY created_at, session_id`,
  spentBelow: `${below}
    SELECT coalesce(sum(input_tokens), 0) AS input_tokens, coalesce(sum(output_tokens), 0) AS output_tokens, coalesce(sum(cached_tokens), 0) AS cached_tokens,
      coalesce(sum(total_tokens), 0) AS total_tokens, coalesce(max(estimated), 0) AS estimated, sum(cost_usd) AS cost_usd
    FROM sessions WHERE id IN (SELECT session_id FROM below)`,
  sessionsBelow: `WITH RECURSIVE below (session_id) AS (
      SELECT session_id FROM agents WHERE parent_session_id = ? AND level <> 'task' AND handed_over_at IS NULL
      UNION
      SELECT a.session_id FROM below b CROSS JOIN agents a ON a.parent_session_id = b.session_id WHERE a.level <> 'task' AND a.handed_over_at IS NULL
    ) SELECT session_id FROM below`,
}

export function createAgentStore(db: Database): AgentStore {
  const insert = db.prepare(`INSERT INTO agents (${columns})
    VALUES (@sessionId, @level, @template, @depth, @runId, @parentSessionId, @parentRunId, @callKey, @callId, @instruction, @limits, @handedOverAt, @createdAt)`)
  const select = db.prepare<[string], AgentRow>(agentQueries.get)
  const findByCall = db.prepare<[string, string], AgentRow>(agentQueries.findByCall)
  const children = db.prepare<[string], AgentRow>(agentQueries.children)
  const setRun = db.prepare<[string, string]>('UPDATE agents SET run_id = ? WHERE session_id = ?')
  const setHandedOver = db.prepare<[number, string]>('UPDATE agents SET handed_over_at = ? WHERE session_id = ?')
  const spentBelow = db.prepare<[string], UsageRow>(agentQueries.spentBelow)
  const sessionsBelow = db.prepare<[string], { session_id: string }>(agentQueries.sessionsBelow)

  return {
    insert(agent) {
      insert.run({ ...agent, limits: JSON.stringify(agent.limits) })
    },
    get(sessionId) {
      const row = select.get(sessionId)
      return row ? toAgent(row) : null
    },
    findByCall(parentRunId, callKey) {
      const row = findByCall.get(parentRunId, callKey)
      return row ? toAgent(row) : null
    },
    children: (parentRunId) => children.all(parentRunId).map(toAgent),
    setRun(sessionId, runId) {
      if (setRun.run(runId, sessionId).changes === 0) throw notFound('Agent', sessionId)
    },
    setHandedOver(sessionId, at) {
      if (setHandedOver.run(at, sessionId).changes === 0) throw notFound('Agent', sessionId)
    },
    spentBelow(runId) {
      const row = spentBelow.get(runId)
      if (!row) throw new Error('a sum without a row')
      return fromUsageRow(row)
    },
    sessionsBelow: (sessionId) => sessionsBelow.all(sessionId).map((row) => row.session_id),
  }
}

function toAgent(row: AgentRow): StoredAgent {
  return {
    sessionId: row.session_id, level: row.level, template: row.template, depth: row.depth, runId: row.run_id, parentSessionId: row.parent_session_id,
    parentRunId: row.parent_run_id, callKey: row.call_key, callId: row.call_id, instruction: row.instruction, limits: JSON.parse(row.limits),
    handedOverAt: row.handed_over_at, createdAt: row.created_at,
  }
}
