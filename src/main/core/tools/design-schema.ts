import { z } from 'zod'
import { AppError } from '../errors'
import { defineTool } from './define-tool'
import type { Tool } from './tool'

const NameSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'A letter or underscore, then letters, digits and underscores, 63 at most')
const ColumnsSchema = z.array(NameSchema).min(1).max(32)

const DesignSchema = z.strictObject({
  tables: z.array(z.strictObject({
    name: NameSchema,
    columns: z.array(z.strictObject({
      name: NameSchema, type: z.string().regex(/^[A-Za-z][A-Za-z0-9 ]{0,40}(\(\d{1,5}(, ?\d{1,5})?\))?$/, 'A type looks like TEXT, BIGINT or NUMERIC(10, 2)'), nullable: z.boolean().default(false),
    })).min(1).max(200),
    primaryKey: ColumnsSchema,
  })).min(1).max(200),
  indexes: z.array(z.strictObject({ name: NameSchema, table: NameSchema, columns: ColumnsSchema, unique: z.boolean().default(false), answers: z.string().trim().min(1).max(500).describe('The query that it is for') })).max(500).default([]),
  constraints: z.array(z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('foreign_key'), table: NameSchema, columns: ColumnsSchema, references: NameSchema, to: ColumnsSchema, onDelete: z.enum(['restrict', 'cascade', 'set null']).default('restrict') }),
    z.strictObject({ kind: z.literal('unique'), table: NameSchema, columns: ColumnsSchema }),
  ])).max(500).default([]),
})
type Design = z.output<typeof DesignSchema>

/** Looks at a design of a database as a whole: what is wrong with it, what is slow in it, and how it is written. Changes nothing. */
export const designSchema: Tool = defineTool({
  name: 'design_schema',
  description: 'Check a design of a database: tables, indexes and constraints. You get what is wrong, what is missing (foreign keys without an index, indexes that others cover), and the SQL that makes it. Nothing is run.',
  capability: 'read',
  readOnly: true,
  needs: 'nothing',
  input: DesignSchema,
  prepare: async (design) => ({
    title: `Check a design of ${design.tables.length} ${design.tables.length === 1 ? 'table' : 'tables'}`, paths: [],
    execute: async () => {
      const wrong = problemsOf(design)
      if (wrong.length > 0) throw new AppError('INVALID_PARAMETERS', `The design does not hold together: ${wrong.slice(0, 50).join(' ')}`)
      const advice = adviceOn(design)
      return { content: [JSON.stringify(design, null, 1), ...(advice.length === 0 ? [] : [`Worth a look:\n${advice.map((line) => `- ${line}`).join('\n')}`]), sqlOf(design)].join('\n\n') }
    },
  }),
})

function problemsOf({ tables, indexes, constraints }: Design): string[] {
  const columnsOf = new Map(tables.map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]))
  const missing = (who: string, table: string, columns: readonly string[]): string[] => {
    const known = columnsOf.get(table)
    if (!known) return [`${who}: there is no table ${table}.`]
    return columns.filter((column) => !known.has(column)).map((column) => `${who}: ${table} has no column ${column}.`)
  }
  return [
    ...twice(tables.map(({ name }) => name)).map((name) => `Two tables are called ${name}.`),
    ...twice(indexes.map(({ name }) => name)).map((name) => `Two indexes are called ${name}.`),
    ...tables.flatMap(({ name, columns, primaryKey }) => [...twice(columns.map((column) => column.name)).map((column) => `${name} has two columns ${column}.`), ...missing(`The primary key of ${name}`, name, primaryKey)]),
    ...indexes.flatMap(({ name, table, columns }) => missing(`The index ${name}`, table, columns)),
    ...constraints.flatMap((constraint) => {
      const who = `A constraint of ${constraint.table}`
      if (constraint.kind === 'unique') return missing(who, constraint.table, constraint.columns)
      const { table, columns, references, to } = constraint
      const target = missing(who, references, to)
      const isKey = target.length > 0 || keysOf({ tables, indexes, constraints }, references).some((key) => sameSet(key, to))
      return [
        ...missing(who, table, columns), ...target, ...(columns.length === to.length ? [] : [`${who}: ${columns.length} columns cannot refer to ${to.length}.`]),
        ...(isKey ? [] : [`${who}: ${references} (${to.join(', ')}) is neither its primary key nor unique.`]),
      ]
    }),
  ]
}

function keysOf({ tables, indexes, constraints }: Design, table: string): string[][] {
  return [
    ...tables.filter(({ name }) => name === table).map(({ primaryKey }) => primaryKey), ...indexes.filter((index) => index.unique && index.table === table).map(({ columns }) => columns),
    ...constraints.flatMap((constraint) => (constraint.kind === 'unique' && constraint.table === table ? [constraint.columns] : [])),
  ]
}

function adviceOn(design: Design): string[] {
  const { tables, indexes, constraints } = design
  const ordered = (table: string) => [...indexes.filter((index) => index.table === table).map(({ columns }) => columns), ...keysOf(design, table)]
  return [
    ...constraints.flatMap((constraint) => (constraint.kind === 'foreign_key' && !ordered(constraint.table).some((columns) => startsWith(columns, constraint.columns))
      ? [`${constraint.table} (${constraint.columns.join(', ')}) refers to ${constraint.references} without an index: a change there reads the whole table.`] : [])),
    ...indexes.flatMap(({ name, table, columns, unique }) => {
      const other = indexes.find((index) => index.name !== name && index.table === table && startsWith(index.columns, columns) && (index.columns.length > columns.length || index.name < name))
      return other && !unique ? [`The index ${name} is covered by ${other.name}.`] : []
    }),
    ...tables.flatMap(({ name, columns }) => (columns.filter((column) => column.nullable).length > columns.length / 2 && columns.length > 3 ? [`More than half of the columns of ${name} may be null: it may be two tables.`] : [])),
  ]
}

function sqlOf({ tables, indexes, constraints }: Design): string {
  const list = (columns: readonly string[]) => `(${columns.join(', ')})`
  const made = tables.map(({ name, columns, primaryKey }) => {
    const lines = [
      ...columns.map((column) => `${column.name} ${column.type}${column.nullable ? '' : ' NOT NULL'}`), `PRIMARY KEY ${list(primaryKey)}`,
      ...constraints.filter(({ table }) => table === name).map((constraint) => (constraint.kind === 'unique' ? `UNIQUE ${list(constraint.columns)}`
        : `FOREIGN KEY ${list(constraint.columns)} REFERENCES ${constraint.references} ${list(constraint.to)} ON DELETE ${constraint.onDelete.toUpperCase()}`)),
    ]
    return `CREATE TABLE ${name} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n);`
  })
  return [...made, ...indexes.map(({ name, table, columns, unique, answers }) => `-- ${answers.replaceAll(/\s+/g, ' ')}\nCREATE ${unique ? 'UNIQUE ' : ''}INDEX ${name} ON ${table} ${list(columns)};`)].join('\n')
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))]
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name))
}

function startsWith(columns: readonly string[], first: readonly string[]): boolean {
  return first.every((name) => columns.slice(0, first.length).includes(name))
}
