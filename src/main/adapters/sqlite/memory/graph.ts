import type { Database } from 'better-sqlite3'
import type { KnownEntity, KnownFact, KnownRelation, Knowledge } from '#contract/knowledge'
import { entityKey, nameKey } from '#core/memory/graph/keys'
import { wordList } from '#core/memory/words'
import type { GraphQuery, GraphTypes, GraphTypesQuery } from '#core/ports/memory-search'
import type { MemoryConditions } from '#core/ports/memory-store'
import { createGraphRows, type GraphRows, type RelationRow, type SaidRow } from './graph-rows'
import { createPastGraph } from './past-graph'

const trustRank = { untrusted: 0, agent: 1, person: 2 } as const
/** Names of one thing; more are left out. */
const MOST_NAMES = 30
const MOST_FACTS = 100

/** One thing under all of its names. The first one is that it is known by. */
type Entity = readonly number[]

/** What items say of things, asked of the rows: everything that is not said by an item that fits is not there. */
export function createGraph(db: Database) {
  const rows = createGraphRows(db)
  const past = createPastGraph(db)
  const rowsAt = (at: number | undefined): GraphRows => (at === undefined ? rows : past.rowsAt(at))
  return {
    graph: (query: GraphQuery): Knowledge => around(rowsAt(query.at), query),
    graphTypes: ({ conditions, at }: GraphTypesQuery): GraphTypes => rowsAt(at).types(conditions),
    graphChanged: past.forget,
  }
}

function around(rows: GraphRows, query: GraphQuery): Knowledge {
  const { conditions, limit } = query
  const typeKey = query.relation === undefined ? null : nameKey(query.relation)
  const entities = new Map<number, Entity>()
  const entityOf = new Map<number, number>()
  let more = false
  const add = (position: number): Entity | null => {
    if (entityOf.has(position)) return null
    if (entities.size >= limit) {
      more = true
      return null
    }
    const entity = withNames(rows, conditions, position)
    const [first = position] = entity
    entities.set(first, entity)
    for (const name of entity) entityOf.set(name, first)
    return entity
  }
  let edge = seedsOf(rows, query, limit + 1).flatMap((position) => add(position) ?? [])
  const relations = new Map<number, RelationRow[]>()
  const relationsOf = (position: number): RelationRow[] => {
    const known = relations.get(position) ?? rows.relations(conditions, position, typeKey)
    relations.set(position, known)
    return known
  }
  for (let step = 0; step < query.depth && edge.length > 0; step += 1) {
    edge = edge.flatMap(relationsOf).flatMap(({ origin, target }) => [origin, target]).flatMap((position) => add(position) ?? [])
  }
  const between = [...entityOf.keys()].flatMap((position) => relationsOf(position).filter((row) => row.origin === position && entityOf.has(row.target)))
  return {
    entities: [...entities.values()].flatMap((entity) => toEntity(rows, conditions, entity) ?? []),
    relations: toRelations(between, (position) => entityOf.get(position) ?? position),
    more,
  }
}

function seedsOf(rows: GraphRows, { conditions, q, type, relation, around: center }: GraphQuery, limit: number): number[] {
  if (center !== undefined) {
    const position = rows.byId(center) ?? rows.byKey(entityKey(center))
    return position === null || rows.mentions(conditions, position).length === 0 ? [] : [position]
  }
  const words = wordList(q ?? '')
  const ofType = type === undefined || type === '' ? null : rows.ofType(conditions, type, words.length > 0 ? 10_000 : limit)
  if (words.length > 0) {
    const found = [...new Set([...rows.named(conditions, words, limit), ...rows.withFact(conditions, words, limit)])]
    return ofType === null ? found : found.filter((position) => ofType.includes(position))
  }
  if (ofType !== null) return ofType
  return relation === undefined ? rows.frequent(conditions, limit) : [...new Set(rows.related(conditions, nameKey(relation), limit))]
}

/** All names of the thing, as far as they are said: first the one that others are names of; of several, or of none, the one that was said first. */
function withNames(rows: GraphRows, conditions: MemoryConditions, position: number): Entity {
  const names = new Set([position])
  const others = new Set<number>()
  for (const name of names) {
    for (const { origin, target } of rows.aliases(conditions, name)) {
      others.add(target)
      if (names.size < MOST_NAMES) names.add(origin).add(target)
    }
  }
  const heads = [...names].filter((name) => !others.has(name))
  const main = heads.length === 1 ? heads[0] : rows.saidFirst(conditions, heads.length === 0 ? [...names] : heads)
  return [main ?? position, ...[...names].filter((name) => name !== (main ?? position))]
}

/** Null: nothing that fits speaks of it. */
function toEntity(rows: GraphRows, conditions: MemoryConditions, entity: Entity): KnownEntity | null {
  const mentions = entity.map((position) => rows.mentions(conditions, position))
  const all = mentions.flat()
  const [main] = mentions.flatMap((some) => some.slice(0, 1))
  if (!main) return null
  const typed = all.filter(({ type }) => type !== '').sort((left, right) => trustRank[right.trust] - trustRank[left.trust] || right.at - left.at)[0]
  const names = new Map(mentions.map((some) => [entityKey(some[0]?.name ?? ''), some[0]?.name ?? '']))
  return {
    id: `e${entity[0] ?? 0}`, name: main.name, type: typed?.type ?? '', aliases: [...names].filter(([key, name]) => name !== '' && key !== entityKey(main.name)).map(([, name]) => name).sort(),
    facts: toFacts(entity.flatMap((position) => rows.facts(conditions, position))), items: new Set(all.map(({ itemId }) => itemId)).size, trust: said(all).trust,
  }
}

function toFacts(rows: ReturnType<GraphRows['facts']>): KnownFact[] {
  const groups = grouped(rows, ({ attributeKey, value }) => JSON.stringify([attributeKey, nameKey(value)]))
  return groups.map((group) => ({ attribute: group[0].attribute, value: group[0].value, ...said(group) })).sort((left, right) => right.at - left.at).slice(0, MOST_FACTS)
}

function toRelations(rows: readonly RelationRow[], entityOf: (position: number) => number): KnownRelation[] {
  const groups = grouped(rows, ({ origin, typeKey, target }) => `e${entityOf(origin)} ${typeKey} e${entityOf(target)}`)
  return groups.map((group): KnownRelation => {
    const { origin, target, typeKey, type } = group[0]
    const [from, to] = [`e${entityOf(origin)}`, `e${entityOf(target)}`]
    const properties = Object.assign({}, ...group.map((row): unknown => JSON.parse(row.properties)).reverse()) as Record<string, string>
    return { id: `${from} ${typeKey} ${to}`, from, to, type, properties, ...said(group) }
  }).filter(({ from, to }) => from !== to)
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): (readonly [Row, ...Row[]])[] {
  const groups = new Map<string, [Row, ...Row[]]>()
  for (const row of rows) {
    const known = groups.get(keyOf(row))
    if (known) known.push(row)
    else groups.set(keyOf(row), [row])
  }
  return [...groups.values()]
}

function said(rows: readonly SaidRow[]) {
  const ends = rows.map(({ expiresAt }) => expiresAt)
  return {
    itemIds: [...new Set(rows.map(({ itemId }) => itemId))].slice(0, 20),
    trust: rows.reduce<SaidRow['trust']>((best, { trust }) => (trustRank[trust] > trustRank[best] ? trust : best), 'untrusted'),
    sensitivity: rows.every(({ sensitive }) => sensitive === 1) ? 'sensitive' as const : 'normal' as const,
    expiresAt: ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0)),
    at: Math.max(...rows.map(({ at }) => at)),
  }
}
