import type { Database } from 'better-sqlite3'
import type { MemoryTrust } from '#contract/memory'
import type { MemoryConditions } from '#core/ports/memory-store'
import { whereOf } from './conditions'
import { ALIAS } from './statement-rows'
import { createStatements } from './statements'

/** What stands by every row: the item that says it. */
export interface SaidRow {
  readonly itemId: string
  readonly trust: MemoryTrust
  readonly sensitive: number
  readonly expiresAt: number | null
  readonly at: number
}
export interface MentionRow extends SaidRow {
  readonly name: string
  readonly type: string
}
export interface FactRow extends SaidRow {
  readonly attribute: string
  readonly attributeKey: string
  readonly value: string
}
export interface RelationRow extends SaidRow {
  readonly origin: number
  readonly target: number
  readonly type: string
  readonly typeKey: string
  readonly properties: string
}

const said = 'm.id AS itemId, m.trust, m.sensitive, m.expires_at AS expiresAt, m.updated_at AS at'
const relation = `r.origin, r.target, r.type, r.type_key AS typeKey, r.properties, ${said}`
/** Of one entity; more is not read. */
const MOST_ROWS = 500
/** So many of the newest mentions decide what is spoken of most. */
const NEWEST = 20_000
const MOST_TYPES = 200

/** The rows of the knowledge graph that fit conditions, an entity at a time. On any connection that reads. */
export function createGraphRows(db: Database) {
  const statement = createStatements(db)
  const ask = <Row>(conditions: MemoryConditions, sql: (where: string) => string, parameters: Readonly<Record<string, string | number>> = {}): Row[] => {
    const where = whereOf(conditions)
    return statement<Row>(sql(where.sql)).all({ ...where.parameters, ...parameters })
  }
  const positions = (rows: readonly { readonly entity: number }[]) => rows.map(({ entity }) => entity)

  return {
    byId: (id: string): number | null => (/^e\d{1,15}$/.test(id) ? statement<{ position: number }>('SELECT position FROM memory_entities WHERE position = @position').get({ position: Number(id.slice(1)) })?.position ?? null : null),
    byKey: (key: string): number | null => statement<{ position: number }>('SELECT position FROM memory_entities WHERE key = @key').get({ key })?.position ?? null,
    mentions: (conditions: MemoryConditions, entity: number): MentionRow[] => ask(conditions, (where) => `SELECT x.name, x.type, ${said} FROM memory_mentions x JOIN memory_items m ON m.position = x.item
      WHERE x.entity = @entity AND ${where} ORDER BY x.item DESC LIMIT ${MOST_ROWS}`, { entity }),
    saidFirst: (conditions: MemoryConditions, entities: readonly number[]): number | null => positions(ask(conditions, (where) => `SELECT x.entity FROM memory_mentions x JOIN memory_items m ON m.position = x.item
      WHERE x.entity IN (SELECT value FROM json_each(@entities)) AND ${where} ORDER BY x.item, x.number LIMIT 1`, { entities: JSON.stringify(entities) }))[0] ?? null,
    facts: (conditions: MemoryConditions, entity: number): FactRow[] => ask(conditions, (where) => `SELECT f.attribute, f.attribute_key AS attributeKey, f.value, ${said} FROM memory_facts f
      JOIN memory_items m ON m.position = f.item WHERE f.entity = @entity AND ${where} ORDER BY m.updated_at DESC, f.item DESC, f.number LIMIT ${MOST_ROWS}`, { entity }),
    /** From it and to it, without other names. */
    relations: (conditions: MemoryConditions, entity: number, typeKey: string | null): RelationRow[] => ask(conditions, (where) => `SELECT * FROM (
        SELECT ${relation}, r.item FROM memory_relations r JOIN memory_items m ON m.position = r.item WHERE r.origin = @entity AND ${where}
        UNION ALL SELECT ${relation}, r.item FROM memory_relations r JOIN memory_items m ON m.position = r.item WHERE r.target = @entity AND r.origin <> @entity AND ${where})
      WHERE typeKey <> '${ALIAS}' AND (@type = '' OR typeKey = @type) ORDER BY at DESC, item DESC LIMIT ${MOST_ROWS}`, { entity, type: typeKey ?? '' }),
    /** Other names of it, and what it is another name of. */
    aliases: (conditions: MemoryConditions, entity: number): { readonly origin: number; readonly target: number }[] => ask(conditions, (where) => `SELECT r.origin, r.target FROM memory_relations r
      JOIN memory_items m ON m.position = r.item WHERE r.origin = @entity AND r.type_key = '${ALIAS}' AND ${where}
      UNION SELECT r.origin, r.target FROM memory_relations r JOIN memory_items m ON m.position = r.item WHERE r.target = @entity AND r.type_key = '${ALIAS}' AND ${where} LIMIT 50`, { entity }),
    /** What is spoken of most, lately. */
    frequent: (conditions: MemoryConditions, limit: number): number[] => positions(ask(conditions, (where) => `SELECT entity FROM (SELECT x.entity FROM memory_mentions x JOIN memory_items m ON m.position = x.item
      WHERE ${where} ORDER BY x.item DESC LIMIT ${NEWEST}) GROUP BY entity ORDER BY count(*) DESC, entity LIMIT @limit`, { limit })),
    ofType: (conditions: MemoryConditions, type: string, limit: number): number[] => positions(ask(conditions, (where) => `SELECT entity FROM (SELECT x.entity FROM memory_mentions x JOIN memory_items m ON m.position = x.item
      WHERE x.type = @type AND x.type <> '' AND ${where} ORDER BY x.item DESC LIMIT ${NEWEST}) GROUP BY entity ORDER BY count(*) DESC, entity LIMIT @limit`, { type, limit })),
    /** All words in the name, best first: the name itself, what begins with it, then what is spoken of most. */
    named: (conditions: MemoryConditions, words: readonly string[], limit: number): number[] => positions(ask(conditions, (where) => `SELECT e.position AS entity FROM memory_entities e
      JOIN memory_mentions x ON x.entity = e.position JOIN memory_items m ON m.position = x.item
      WHERE NOT EXISTS (SELECT 1 FROM json_each(@words) w WHERE instr(e.key, w.value) = 0) AND ${where}
      GROUP BY e.position ORDER BY e.key = @whole DESC, instr(e.key, @whole) = 1 DESC, count(*) DESC, e.position LIMIT @limit`, { words: JSON.stringify(words), whole: words.join(' '), limit })),
    /** All words in an attribute and its value. */
    withFact: (conditions: MemoryConditions, words: readonly string[], limit: number): number[] => positions(ask(conditions, (where) => `SELECT DISTINCT f.entity FROM memory_facts f JOIN memory_items m ON m.position = f.item
      WHERE NOT EXISTS (SELECT 1 FROM json_each(@words) w WHERE instr(lower(f.attribute || ' ' || f.value), w.value) = 0) AND ${where} ORDER BY f.item DESC LIMIT @limit`, { words: JSON.stringify(words), limit })),
    related: (conditions: MemoryConditions, typeKey: string, limit: number): number[] => ask<{ origin: number; target: number }>(conditions, (where) => `SELECT r.origin, r.target FROM memory_relations r
      JOIN memory_items m ON m.position = r.item WHERE r.type_key = @type AND ${where} ORDER BY r.item DESC LIMIT @limit`, { type: typeKey, limit }).flatMap(({ origin, target }) => [origin, target]),
    types: (conditions: MemoryConditions) => ({
      entities: ask<{ type: string; count: number }>(conditions, (where) => `SELECT x.type, count(DISTINCT x.entity) AS count FROM memory_mentions x JOIN memory_items m ON m.position = x.item
        WHERE x.type <> '' AND ${where} GROUP BY x.type ORDER BY count DESC, x.type LIMIT ${MOST_TYPES}`),
      relations: ask<{ type: string; count: number }>(conditions, (where) => `SELECT max(r.type) AS type, count(*) AS count FROM memory_relations r JOIN memory_items m ON m.position = r.item
        WHERE r.type_key <> '${ALIAS}' AND ${where} GROUP BY r.type_key ORDER BY count DESC, r.type_key LIMIT ${MOST_TYPES}`),
    }),
  }
}
export type GraphRows = ReturnType<typeof createGraphRows>
