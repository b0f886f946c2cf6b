import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { MemoryReviewStore, StoredReview } from '#core/ports/memory-store'
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
  const decide = db.prepare<[object]>('UPDATE memory_reviews SET state = @state, decided_at = @at, items = iif(@made IS NULL, items, json_array(@made)) WHERE id = @id')
  const countOpen = db.prepare<[], number>(memoryReviewQueries.countOpen).pluck()
  const about = db.prepare<[object]>(`DELETE FROM memory_reviews WHERE EXISTS (SELECT 1 FROM json_each(memory_reviews.items) WHERE value IN (SELECT value FROM json_each(@ids)))
    OR proposal ->> '$.draft.text' IN (SELECT value FROM json_each(@texts)) OR proposal ->> '$.patch.text' IN (SELECT value FROM json_each(@texts)) OR proposal ->> '$.text' IN (SELECT value FROM json_each(@texts))`)
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
    decide: (id, state, at, made = undefined) => void decide.run({ id, state, at, made: made ?? null }),
    countOpen: () => countOpen.get() ?? 0,
    removeOfSession: (sessionId) => ofSession.run(sessionId).changes,
    removeAbout: (ids, texts) => about.run({ ids: JSON.stringify(ids), texts: JSON.stringify(texts) }).changes,
  }
}

function toReview(row: ReviewRow): StoredReview {
  return {
    id: row.id, key: row.key, kind: row.kind, state: row.state, reason: row.reason, itemIds: JSON.parse(row.items), proposal: JSON.parse(row.proposal),
    source: JSON.parse(row.source), at: row.at, decidedAt: row.decided_at,
  }
}
