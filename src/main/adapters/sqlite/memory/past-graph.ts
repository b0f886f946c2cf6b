import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { Statement } from '#contract/statements'
import { entityKey } from '#core/memory/graph/keys'
import { createGraphRows, type GraphRows } from './graph-rows'
import { pastItems } from './past'
import { createStatementRows, namesIn } from './statement-rows'
import { createStatements } from './statements'

/** What conditions and the rows of the graph ask of an item. */
const columns = ['position', 'id', 'kind', 'tags', 'scope', 'workspace_id', 'session_id', 'sensitive', 'trust', 'source_by', 'source_path', 'source_run_id', 'updated_at', 'pinned', 'archived', 'forgotten_at', 'expires_at'] as const
const graphTables = ['memory_entities', 'memory_mentions', 'memory_facts', 'memory_relations']

interface ItemThen {
  readonly position: number
  readonly statements: string
}

export interface PastGraph {
  rowsAt(at: number): GraphRows
  /** Something of the memory is another: what was erased may not be read any more. */
  forget(): void
}

/**
 * What the items said of things at a moment, in tables as those of now: made in memory from what the items were then, for the moment
 * that was asked for last, and dropped with every change of the memory.
 */
export function createPastGraph(db: Database): PastGraph {
  const statement = createStatements(db)
  let made: { readonly at: number; readonly db: Database; readonly rows: GraphRows } | null = null

  const forget = () => {
    made?.db.close()
    made = null
  }
  const positionOf = (key: string): number => statement<{ position: number }>('SELECT position FROM memory_entities WHERE key = @key').get({ key })?.position ?? placeOf(key)
  const make = (at: number): Database => {
    // The class is that of the connection at hand: a thread has it from outside.
    const then = new (db.constructor as new (path: string) => Database)(':memory:')
    then.exec(`CREATE TABLE memory_items (${columns.map((column) => (column === 'position' ? 'position INTEGER PRIMARY KEY' : column)).join(', ')})`)
    for (const { sql } of statement<{ sql: string }>('SELECT sql FROM sqlite_schema WHERE tbl_name IN (SELECT value FROM json_each(@tables)) AND sql IS NOT NULL ORDER BY type DESC').all({ tables: JSON.stringify(graphTables) })) then.exec(sql)
    const addItem = then.prepare(`INSERT INTO memory_items VALUES (${columns.map((column) => `@${column}`).join(', ')})`)
    const addEntity = then.prepare('INSERT INTO memory_entities (position, key) VALUES (?, ?) ON CONFLICT DO NOTHING')
    const said = createStatementRows(then)
    const items = statement<ItemThen>(`${pastItems} SELECT ${columns.map((column) => (column === 'id' ? 'i.id' : `m.${column}`)).join(', ')}, m.statements
      FROM then_ m JOIN memory_items i ON i.position = m.position WHERE m.statements <> '[]'`)
    then.transaction(() => {
      for (const { statements: text, ...item } of items.iterate({ now: at })) {
        const statements = JSON.parse(text) as readonly Statement[]
        addItem.run(item)
        // A thing has the number that it has now, where it still has one.
        for (const key of new Set(statements.flatMap(namesIn).map(entityKey))) addEntity.run(positionOf(key), key)
        said.put(item.position, statements, true)
      }
    })()
    return then
  }

  return {
    rowsAt: (at) => {
      if (made?.at === at) return made.rows
      forget()
      const then = make(at)
      const rows = createGraphRows(then)
      made = { at, db: then, rows }
      return rows
    },
    forget,
  }
}

/** The same for the same key at every moment, and far beyond those that are counted. */
function placeOf(key: string): number {
  return createHash('sha256').update(key).digest().readUIntBE(0, 6) + 2 ** 48
}
