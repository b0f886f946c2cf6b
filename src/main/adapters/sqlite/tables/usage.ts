import type { Database } from 'better-sqlite3'
import type { UsageRow, UsageStore } from '#core/ports/usage-store'

const sums = `count(*) AS calls, count(*) - count(s.cost_usd) AS unpriced, total(s.cost_usd) AS costUsd,
  sum(s.usage ->> 'inputTokens') AS inputTokens, sum(s.usage ->> 'outputTokens') AS outputTokens,
  sum(s.usage ->> 'cachedTokens') AS cachedTokens, sum(s.usage ->> 'totalTokens') AS totalTokens, max(s.usage ->> 'estimated') AS estimated`
const ofSession = '(@sessionId IS NULL OR s.run_id IN (SELECT id FROM runs WHERE session_id = @sessionId))'

export const usageQueries = {
  // The spans come first: each is then a range of the index.
  byDayAndModel: `SELECT d.key AS day, s.name AS model, ${sums} FROM json_each(@spans) d CROSS JOIN steps s
    WHERE s.usage IS NOT NULL AND s.ended_at >= d.value ->> 0 AND s.ended_at < d.value ->> 1 AND ${ofSession} GROUP BY d.key, s.name`,
  bySession: `SELECT r.session_id AS sessionId, t.title, ${sums} FROM steps s CROSS JOIN runs r ON r.id = s.run_id CROSS JOIN sessions t ON t.id = r.session_id
    WHERE s.usage IS NOT NULL AND s.ended_at >= @from AND s.ended_at < @until AND ${ofSession}
    GROUP BY r.session_id ORDER BY costUsd DESC, totalTokens DESC LIMIT 100`,
  byAgent: `SELECT a.template AS agent, ${sums} FROM steps s CROSS JOIN runs r ON r.id = s.run_id LEFT JOIN agents a ON a.session_id = r.session_id
    WHERE s.usage IS NOT NULL AND s.ended_at >= @from AND s.ended_at < @until AND ${ofSession}
    GROUP BY a.template ORDER BY costUsd DESC, totalTokens DESC`,
  cost: 'SELECT total(s.cost_usd) FROM steps s WHERE s.usage IS NOT NULL AND s.ended_at >= ?',
  costOfWorkspace: `SELECT total(s.cost_usd) FROM steps s CROSS JOIN runs r ON r.id = s.run_id CROSS JOIN sessions t ON t.id = r.session_id
    WHERE s.usage IS NOT NULL AND s.ended_at >= ? AND t.workspace_id = ?`,
  costOfSchedule: `SELECT total(a.cost_usd) FROM tasks t CROSS JOIN task_runs a ON a.task_id = t.id
    WHERE t.schedule_id = ? AND a.started_at >= ? AND a.id <> ?`,
}

type Counted<T> = Omit<UsageRow, 'estimated'> & { readonly estimated: number } & T

export function createUsageStore(db: Database): UsageStore {
  const byDayAndModel = db.prepare<[object], Counted<{ readonly day: number; readonly model: string }>>(usageQueries.byDayAndModel)
  const bySession = db.prepare<[object], Counted<{ readonly sessionId: string; readonly title: string }>>(usageQueries.bySession)
  const byAgent = db.prepare<[object], Counted<{ readonly agent: string | null }>>(usageQueries.byAgent)
  const cost = db.prepare<[number], number>(usageQueries.cost).pluck()
  const costOfWorkspace = db.prepare<[number, string], number>(usageQueries.costOfWorkspace).pluck()
  const costOfSchedule = db.prepare<[string, number, string], number>(usageQueries.costOfSchedule).pluck()
  const told = <T extends { readonly estimated: number }>(row: T) => ({ ...row, estimated: row.estimated === 1 })
  return {
    byDayAndModel: (spans, sessionId) => byDayAndModel.all({ spans: JSON.stringify(spans.map(({ from, until }) => [from, until])), sessionId }).map(told),
    cost: (from) => cost.get(from) ?? 0,
    costOfWorkspace: (workspaceId, from) => costOfWorkspace.get(from, workspaceId) ?? 0,
    costOfSchedule: (scheduleId, from, exceptAttemptId) => costOfSchedule.get(scheduleId, from, exceptAttemptId) ?? 0,
    byAgent: (from, until, sessionId) => byAgent.all({ from, until, sessionId }).map(told),
    bySession: (from, until, sessionId) => bySession.all({ from, until, sessionId }).map(told),
  }
}
