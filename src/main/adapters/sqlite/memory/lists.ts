import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { MemoryCounts, MemorySort } from '#core/ports/memory-search'
import type { MemoryConditions } from '#core/ports/memory-store'
import { decodeCursor, encodeCursor } from '../tables/cursor'
import { whereOf } from './conditions'
import { createStatements } from './statements'

const MOST_TAGS = 200
const columnOf: Readonly<Record<MemorySort, string>> = { updated: 'updated_at', created: 'created_at', used: 'used_at', importance: 'importance' }
const CursorSchema = z.tuple([z.number(), z.number().int()])
const active = 'm.forgotten_at IS NULL AND m.archived = 0 AND (m.expires_at IS NULL OR m.expires_at > @now)'

/** What looks at many items. On any connection that reads. */
export function createMemoryLists(db: Database) {
  const statement = createStatements(db)

  return {
    list({ conditions, sort, cursor, limit }: { readonly conditions: MemoryConditions; readonly sort: MemorySort; readonly cursor?: string | undefined; readonly limit: number }) {
      const { sql, parameters } = whereOf(conditions)
      const column = columnOf[sort]
      const [value, position] = cursor === undefined ? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, CursorSchema)
      const rows = statement<{ position: number; value: number }>(`SELECT m.position, m.${column} AS value FROM memory_items m
        WHERE (m.${column}, m.position) < (@value, @position) AND ${sql} ORDER BY m.${column} DESC, m.position DESC LIMIT @limit`)
        .all({ ...parameters, value, position, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      return { positions: page.map((row) => row.position), nextCursor: rows.length > limit && last ? encodeCursor([last.value, last.position]) : null }
    },
    counts(now: number): MemoryCounts {
      const kinds = { fragment: 0, solution: 0, user: 0 }
      for (const row of statement<{ kind: keyof typeof kinds; count: number }>(`SELECT m.kind, count(*) AS count FROM memory_items m WHERE ${active} GROUP BY m.kind`).all({ now })) kinds[row.kind] = row.count
      const sums = statement<Record<'archived' | 'forgotten' | 'pinned' | 'sensitive', number> & Record<'oldestAt' | 'newestAt', number | null>>(`SELECT
        count(*) FILTER (WHERE m.forgotten_at IS NULL AND m.archived = 1) AS archived, count(*) FILTER (WHERE m.forgotten_at IS NOT NULL) AS forgotten,
        count(*) FILTER (WHERE m.forgotten_at IS NULL AND m.pinned = 1) AS pinned, count(*) FILTER (WHERE m.forgotten_at IS NULL AND m.sensitive = 1) AS sensitive,
        min(m.created_at) FILTER (WHERE m.forgotten_at IS NULL) AS oldestAt, max(m.created_at) FILTER (WHERE m.forgotten_at IS NULL) AS newestAt FROM memory_items m`).get({})
      const tags = statement<{ tag: string; count: number }>(`SELECT t.value AS tag, count(*) AS count FROM memory_items m, json_each(m.tags) t
        WHERE m.tags <> '[]' AND ${active} GROUP BY t.value ORDER BY count DESC, tag LIMIT ${MOST_TAGS}`).all({ now })
      const { archived = 0, forgotten = 0, pinned = 0, sensitive = 0, oldestAt = null, newestAt = null } = sums ?? {}
      return { active: kinds.fragment + kinds.solution + kinds.user, archived, forgotten, pinned, sensitive, kinds, tags, oldestAt, newestAt }
    },
    vectorCounts(model: number | null, sensitive: boolean) {
      const row = statement<{ total: number; withheld: number }>(`SELECT count(*) FILTER (WHERE @sensitive = 1 OR m.sensitive = 0) AS total,
        count(*) FILTER (WHERE @sensitive = 0 AND m.sensitive = 1) AS withheld FROM memory_items m WHERE m.forgotten_at IS NULL`).get({ sensitive: sensitive ? 1 : 0 })
      const done = statement<{ done: number }>('SELECT count(*) AS done FROM memory_vectors WHERE model = @model').get({ model })?.done ?? 0
      return { done, total: row?.total ?? 0, withheld: row?.withheld ?? 0 }
    },
    beyond({ kind, keep, now, limit }: { readonly kind: string | null; readonly keep: number; readonly now: number; readonly limit: number }): number[] {
      // Pinned ones stay and take their place among those that are kept.
      return statement<{ position: number }>(`SELECT position FROM (SELECT m.position, m.pinned FROM memory_items m WHERE ${active} AND (@kind IS NULL OR m.kind = @kind)
        ORDER BY m.pinned DESC, m.importance DESC, max(m.used_at, m.updated_at) DESC, m.position DESC LIMIT -1 OFFSET @keep) WHERE pinned = 0 LIMIT @limit`)
        .all({ kind, keep, now, limit }).map(({ position }) => position)
    },
    unused({ kind, since, below, now, limit }: { readonly kind: string | null; readonly since: number; readonly below: number; readonly now: number; readonly limit: number }): number[] {
      return statement<{ position: number }>(`SELECT m.position FROM memory_items m WHERE m.updated_at < @since AND m.used_at < @since AND m.importance < @below AND m.pinned = 0
        AND (@kind IS NULL OR m.kind = @kind) AND ${active} ORDER BY m.updated_at LIMIT @limit`).all({ kind, since, below, now, limit }).map(({ position }) => position)
    },
  }
}
