import type { Database } from 'better-sqlite3'
import type { Mention, Statement } from '#contract/statements'
import { entityKey, nameKey } from '#core/memory/graph/keys'

/** The type under which another name of the same thing is kept; no relation that somebody writes has it. */
export const ALIAS = '='

const tables = ['memory_mentions', 'memory_facts', 'memory_relations'] as const
const entitiesOf = `SELECT entity FROM memory_mentions WHERE item = @item`

export interface StatementRows {
  /** In place of what there was of the item. */
  put(item: number, statements: readonly Statement[], isNew: boolean): void
  /** How many rows went, by table; entities that nothing speaks of any more are among them. */
  remove(item: number): readonly { readonly from: string; readonly rows: number }[]
  /** What is left of items that were erased. */
  leftOf(items: readonly { readonly position: number; readonly statements: readonly Statement[] }[]): readonly { readonly in: string; readonly rows: number }[]
  itemsByFact(entityKey: string, attributeKey: string): number[]
}

export function createStatementRows(db: Database): StatementRows {
  const find = db.prepare<[string], number>('SELECT position FROM memory_entities WHERE key = ?').pluck()
  const add = db.prepare<[string]>('INSERT INTO memory_entities (key) VALUES (?)')
  const addMention = db.prepare('INSERT INTO memory_mentions (entity, item, number, name, type) VALUES (?, ?, ?, ?, ?)')
  const addFact = db.prepare('INSERT INTO memory_facts (entity, item, number, attribute_key, attribute, value) VALUES (?, ?, ?, ?, ?, ?)')
  const addRelation = db.prepare('INSERT INTO memory_relations (origin, item, number, target, type_key, type, properties) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const spokenOf = db.prepare<[object], number>(entitiesOf).pluck()
  const removes = tables.map((table) => ({ from: table, run: db.prepare<[number]>(`DELETE FROM ${table} WHERE item = ?`) }))
  const removeIdle = db.prepare<[number]>('DELETE FROM memory_entities WHERE position = ? AND NOT EXISTS (SELECT 1 FROM memory_mentions WHERE entity = memory_entities.position)')
  const counts = tables.map((table) => ({ in: table, count: db.prepare<[number], number>(`SELECT count(*) FROM ${table} WHERE item = ?`).pluck() }))
  const isIdle = db.prepare<[string], number>('SELECT count(*) FROM memory_entities e WHERE e.key = ? AND NOT EXISTS (SELECT 1 FROM memory_mentions WHERE entity = e.position)').pluck()
  const byFact = db.prepare<[string, string], number>(`SELECT DISTINCT f.item FROM memory_entities e JOIN memory_facts f ON f.entity = e.position
    WHERE e.key = ? AND f.attribute_key = ? ORDER BY f.item DESC LIMIT 20`).pluck()
  const entityOf = (name: string): number => find.get(entityKey(name)) ?? Number(add.run(entityKey(name)).lastInsertRowid)

  const insert = (item: number, statements: readonly Statement[]): void => {
    let number = 0
    const mention = ({ name, type }: Mention): number => {
      const entity = entityOf(name)
      addMention.run(entity, item, number++, name, type)
      return entity
    }
    for (const [index, statement] of statements.entries()) {
      if (statement.kind === 'fact') {
        addFact.run(mention(statement.about), item, index, nameKey(statement.attribute), statement.attribute, statement.value)
      } else if (statement.kind === 'relation') {
        const [from, to] = [mention(statement.from), mention(statement.to)]
        addRelation.run(from, item, index, to, nameKey(statement.type), statement.type, JSON.stringify(statement.properties))
      } else {
        const about = mention(statement.about)
        for (const [place, alias] of statement.aliases.entries()) {
          const other = mention({ name: alias, type: '' })
          if (other !== about) addRelation.run(about, item, index + 1_000 * (place + 1), other, ALIAS, ALIAS, '{}')
        }
      }
    }
  }
  const remove = (item: number) => {
    const entities = new Set(spokenOf.all({ item }))
    const removed = removes.map(({ from, run }) => ({ from, rows: run.run(item).changes }))
    let idle = 0
    for (const entity of entities) idle += removeIdle.run(entity).changes
    return [...removed, { from: 'memory_entities', rows: idle }]
  }
  return {
    put: (item, statements, isNew) => {
      if (!isNew) remove(item)
      if (statements.length > 0) insert(item, statements)
    },
    remove,
    leftOf: (items) => {
      const keys = new Set(items.flatMap(({ statements }) => statements.flatMap(namesIn).map(entityKey)))
      return [
        ...counts.map(({ in: place, count }) => ({ in: place, rows: items.reduce((sum, { position }) => sum + (count.get(position) ?? 0), 0) })),
        { in: 'memory_entities', rows: [...keys].reduce((sum, key) => sum + (isIdle.get(key) ?? 0), 0) },
      ]
    },
    itemsByFact: (entity, attribute) => byFact.all(entity, attribute),
  }
}

export function namesIn(statement: Statement): string[] {
  switch (statement.kind) {
    case 'entity': return [statement.about.name, ...statement.aliases]
    case 'fact': return [statement.about.name]
    case 'relation': return [statement.from.name, statement.to.name]
  }
}
