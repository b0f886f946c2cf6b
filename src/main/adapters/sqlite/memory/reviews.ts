import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { MemoryReviewStore, StoredReview } from '#core/ports/memory-store'
import { atomic } from '../tables/atomic'
import { decodeCursor, encodeCursor } from '../tables/cursor'

interface ReviewRow {
  readonly position: number
  readonly id: string
  readonly key: string
  readonly kind: StoredReview['kind']
  readonly state: StoredReview['state']
  readonly reason: string
  readonly items: string
  readonly proposal: string
  readonly source: string
  readonly at: number
  readonly decided_at: number | null
}

const columns = 'position, id, key, kind, state, reason, items, proposal, source, at, decided_at'
const CursorSchema = z.tuple([z.number().int()])

export const memoryReviewQueries = {
  get: `SELECT ${columns} FROM memory_reviews WHERE id = ?`,
  list: `SELECT ${columns} FROM memory_reviews WHERE state = @state AND position < @before ORDER BY position DESC LIMIT @limit`,
  countOpen: "SELECT count(*) FROM memory_reviews WHERE state = 'open'",
}

export function createMemoryReviewStore(db: Database): MemoryReviewStore {
  const add = db.prepare(`INSERT INTO memory_reviews (id, key, kind, state, reason, items, proposal, source, at, decided_at)
    VALUES (@id, @key, @kind, @state, @reason, @items, @proposal, @source, @at, @decidedAt) ON CONFLICT (key) DO NOTHING`)
  const get = db.prepare<[string], ReviewRow>(memoryReviewQueries.get)
  const list = db.prepare<[object], ReviewRow>(memoryReviewQueries.list)
  const decide = db.prepare<[string, number, string]>('UPDATE memory_reviews SET state = ?, decided_at = ? WHERE id = ?')
  const countOpen = db.prepare<[], number>(memoryReviewQueries.countOpen).pluck()
  const about = db.prepare<[string]>('DELETE FROM memory_reviews WHERE EXISTS (SELECT 1 FROM json_each(memory_reviews.items) WHERE value = ?)')
  const ofSession = db.prepare<[string]>("DELETE FROM memory_reviews WHERE proposal ->> '$.draft.scope' = 'session' AND proposal ->> '$.draft.sessionId' = ?")

  return {
    add: (review) => add.run({
      ...review, items: JSON.stringify(review.itemIds), proposal: JSON.stringify(review.proposal), source: JSON.stringify(review.source),
    }).changes === 1,
    get: (id) => {
      const row = get.get(id)
      return row ? toReview(row) : null
    },
    list: (state, { cursor, limit }) => {
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, CursorSchema)
      const rows = list.all({ state, before, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      return { items: page.map(toReview), nextCursor: rows.length > limit && last ? encodeCursor([last.position]) : null }
    },
    decide: (id, state, at) => void decide.run(state, at, id),
    countOpen: () => countOpen.get() ?? 0,
    removeOfSession: (sessionId) => ofSession.run(sessionId).changes,
    removeAbout: atomic(db, (ids) => ids.reduce((removed, id) => removed + about.run(id).changes, 0)),
  }
}

function toReview(row: ReviewRow): StoredReview {
  return {
    id: row.id, key: row.key, kind: row.kind, state: row.state, reason: row.reason, itemIds: JSON.parse(row.items), proposal: JSON.parse(row.proposal),
    source: JSON.parse(row.source), at: row.at, decidedAt: row.decided_at,
  }
}
