import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { MemoryMoments } from '#contract/memory-moments'
import type { PastQuery } from '#core/ports/memory-search'
import type { MemoryFields } from '#core/ports/memory-store'
import { decodeCursor, encodeCursor } from '../tables/cursor'
import { whereOf } from './conditions'
import { createStatements } from './statements'

const CursorSchema = z.tuple([z.number(), z.number().int()])

/** The column of a field, and what a revision keeps of it as the column has it. */
const overlaid = {
  kind: ['kind', 'w.kind'], title: ['title', 'w.title'], text: ['text', 'w.text'], solution: ['solution', 'w.solution'], statements: ['statements', 'w.statements'], tags: ['tags', 'w.tags'], scope: ['scope', 'w.scope'], workspaceId: ['workspace_id', 'w.workspaceId'],
  sessionId: ['session_id', 'w.sessionId'], importance: ['importance', 'w.importance'], sensitivity: ['sensitive', "w.sensitivity = 'sensitive'"], trust: ['trust', 'w.trust'], expiresAt: ['expires_at', 'w.expiresAt'],
  pinned: ['pinned', 'w.pinned'], archived: ['archived', 'w.archived'], forgottenAt: ['forgotten_at', 'w.forgottenAt'],
} as const satisfies { readonly [K in keyof MemoryFields]: readonly [string, string] }
const fields = Object.entries(overlaid)
const fixed = ['position', 'created_at', 'source_by', 'source_path', 'source_run_id'] as const

/** When it was last used by then, as far as that is known. */
const usedAt = 'iif(m.used_at <= @now, m.used_at, coalesce((SELECT max(u.at) FROM memory_uses u WHERE u.item = m.position AND u.at <= @now), 0))'

/**
 * The items as they were at `@now`. Those that were not changed since are as they are; of the others each field is what its earliest later
 * revision says it was before, and what it is now where none does.
 */
export const pastItems = `WITH
  later AS (SELECT r.item, e.key AS name, e.value AS value, min(r.revision) FROM memory_items i JOIN memory_revisions r ON r.item = i.position, json_each(r.before) e
    WHERE i.updated_at > @now AND i.created_at <= @now AND r.at > @now GROUP BY r.item, e.key),
  was AS (SELECT item, ${fields.map(([name]) => `max(value) FILTER (WHERE name = '${name}') AS ${name}, count(*) FILTER (WHERE name = '${name}') AS ${name}Changed`).join(', ')} FROM later GROUP BY item),
  then_ AS (
    SELECT ${fixed.map((column) => `m.${column}`).join(', ')}, ${fields.map(([, [column]]) => `m.${column}`).join(', ')}, m.updated_at, ${usedAt} AS used_at
      FROM memory_items m WHERE m.updated_at <= @now
    UNION ALL SELECT ${fixed.map((column) => `m.${column}`).join(', ')}, ${fields.map(([name, [column, value]]) => `iif(w.${name}Changed > 0, ${value}, m.${column})`).join(', ')},
      coalesce((SELECT max(r.at) FROM memory_revisions r WHERE r.item = m.position AND r.at <= @now), m.created_at), ${usedAt}
      FROM memory_items m LEFT JOIN was w ON w.item = m.position WHERE m.updated_at > @now AND m.created_at <= @now)`

const columnOf = { updated: 'updated_at', created: 'created_at', used: 'used_at', importance: 'importance' } as const

/** The memory as it was, and when it changed. On any connection that reads. */
export function createPast(db: Database) {
  const statement = createStatements(db)
  return {
    past({ conditions, words, sort, cursor, limit }: PastQuery) {
      const { sql, parameters } = whereOf(conditions)
      const column = columnOf[sort]
      const [value, position] = cursor === undefined ? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, CursorSchema)
      const said = "m.title || ' ' || m.text || ' ' || coalesce(m.solution, '') || ' ' || m.tags"
      const rows = statement<{ position: number; value: number }>(`${pastItems} SELECT m.position, m.${column} AS value FROM then_ m WHERE (m.${column}, m.position) < (@value, @position) AND ${sql}
        AND NOT EXISTS (SELECT 1 FROM json_each(@words) asked WHERE ${said} NOT LIKE asked.value ESCAPE '!') ORDER BY m.${column} DESC, m.position DESC LIMIT @limit`)
        .all({ ...parameters, words: JSON.stringify(words.map((word) => `%${word.replaceAll(/[!%_]/g, '!$&')}%`)), value, position, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      return { positions: page.map((row) => row.position), nextCursor: rows.length > limit && last ? encodeCursor([last.value, last.position]) : null }
    },
    moments(limit: number): MemoryMoments {
      const rows = statement<{ at: number; changes: number; total: number }>(`WITH
          each AS (SELECT at, count(*) AS changes FROM (SELECT created_at AS at FROM memory_items UNION ALL SELECT at FROM memory_revisions WHERE revision > 1) GROUP BY at),
          numbered AS (SELECT at, changes, row_number() OVER (ORDER BY at) - 1 AS number, count(*) OVER () AS total FROM each)
        SELECT max(at) AS at, sum(changes) AS changes, total FROM numbered GROUP BY number * CAST(@limit AS INTEGER) / max(total, CAST(@limit AS INTEGER)) ORDER BY at`).all({ limit })
      return { moments: rows.map(({ at, changes }) => ({ at, changes })), total: rows[0]?.total ?? 0 }
    },
  }
}
