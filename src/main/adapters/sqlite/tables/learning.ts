import type { Database } from 'better-sqlite3'
import type { LearningStore } from '#core/ports/learning-store'

export const learningQueries = {
  waiting: 'SELECT run_id AS runId, attempts FROM learning WHERE done_at IS NULL ORDER BY position LIMIT ?',
  begin: 'UPDATE learning SET attempts = attempts + 1 WHERE run_id = ?',
  finish: 'UPDATE learning SET done_at = @at, saved = @saved, proposed = @proposed, tokens = @tokens, cost_usd = @costUsd, error = @error WHERE run_id = @runId',
  tokensSince: 'SELECT coalesce(sum(tokens), 0) FROM learning WHERE done_at >= ?',
  prune: 'DELETE FROM learning WHERE done_at < ?',
}

export function createLearningStore(db: Database): LearningStore {
  // A turn that was resumed ends a second time: what it is then is looked at anew.
  const add = db.prepare<[string, number]>(`INSERT INTO learning (run_id, queued_at) VALUES (?, ?)
    ON CONFLICT (run_id) DO UPDATE SET queued_at = excluded.queued_at, done_at = NULL, attempts = 0`)
  const waiting = db.prepare<[number], { readonly runId: string; readonly attempts: number }>(learningQueries.waiting)
  const begin = db.prepare<[string]>(learningQueries.begin)
  const finish = db.prepare<[object]>(learningQueries.finish)
  const tokensSince = db.prepare<[number], number>(learningQueries.tokensSince).pluck()
  const prune = db.prepare<[number]>(learningQueries.prune)
  return {
    add: (runId, at) => void add.run(runId, at),
    waiting: (limit) => waiting.all(limit),
    begin: (runId) => void begin.run(runId),
    finish: (runId, result) => void finish.run({ ...result, runId }),
    tokensSince: (at) => tokensSince.get(at) ?? 0,
    prune: (before) => void prune.run(before),
  }
}
