import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { BehaviorPlace, BehaviorVersion } from '#contract/behavior'
import type { BehaviorStore, StoredBehavior } from '#core/ports/behavior-store'
import { decodeCursor, encodeCursor } from './cursor'

interface BehaviorRow {
  readonly revision: number
  readonly scope: BehaviorVersion['scope']
  readonly target: string
  readonly version: number
  readonly rules: string
  readonly by: BehaviorVersion['by']
  readonly cause: string
  readonly session_id: string | null
  readonly run_id: string | null
  readonly at: number
}

const from = 'SELECT revision, scope, target, version, rules, by, cause, session_id, run_id, at FROM behavior_versions'

export const behaviorQueries = {
  newest: `${from} WHERE scope = ? AND target = ? ORDER BY version DESC LIMIT 1`,
  find: `${from} WHERE scope = ? AND target = ? AND version = ?`,
  atTime: `${from} WHERE scope = ? AND target = ? AND at <= ? ORDER BY version DESC LIMIT 1`,
  history: `${from} WHERE scope = ? AND target = ? AND version < ? ORDER BY version DESC LIMIT ?`,
  list: `${from} JOIN (SELECT scope AS of, target AS whose, max(version) AS newest FROM behavior_versions GROUP BY scope, target)
    ON scope = of AND target = whose AND version = newest ORDER BY scope DESC, target`,
}

const CursorSchema = z.tuple([z.number()])

export function createBehaviorStore(db: Database): BehaviorStore {
  const insert = db.prepare<[object]>(`INSERT INTO behavior_versions (scope, target, version, rules, by, cause, session_id, run_id, at)
    VALUES (@scope, @target, @version, @rules, @by, @cause, @sessionId, @runId, @at)`)
  const newest = db.prepare<[string, string], BehaviorRow>(behaviorQueries.newest)
  const find = db.prepare<[string, string, number], BehaviorRow>(behaviorQueries.find)
  const atTime = db.prepare<[string, string, number], BehaviorRow>(behaviorQueries.atTime)
  const history = db.prepare<[string, string, number, number], BehaviorRow>(behaviorQueries.history)
  const list = db.prepare<[], BehaviorRow>(behaviorQueries.list)
  return {
    insert: (version) => void insert.run({ ...version, target: version.target ?? '', rules: JSON.stringify(version.rules) }),
    newest: (place) => toVersion(newest.get(...keyOf(place))),
    find: (place, version) => toVersion(find.get(...keyOf(place), version)),
    atTime: (place, at) => toVersion(atTime.get(...keyOf(place), at)),
    list: () => list.all().flatMap((row) => toVersion(row) ?? []),
    history(place, { cursor, limit }) {
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, CursorSchema)
      const rows = history.all(...keyOf(place), before, limit + 1)
      const last = rows[limit - 1]
      return { items: rows.slice(0, limit).flatMap((row) => toVersion(row) ?? []), nextCursor: rows.length > limit && last ? encodeCursor([last.version]) : null }
    },
  }
}

function keyOf({ scope, target }: BehaviorPlace): [string, string] {
  return [scope, target ?? '']
}

function toVersion(row: BehaviorRow | undefined): StoredBehavior | null {
  if (!row) return null
  const { revision, scope, target, version, rules, by, cause, session_id, run_id, at } = row
  return { revision, scope, target: target === '' ? null : target, version, rules: JSON.parse(rules), by, cause, sessionId: session_id, runId: run_id, at }
}
