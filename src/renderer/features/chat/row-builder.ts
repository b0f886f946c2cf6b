import { buildRows, type ConversationInput, type Row } from './conversation'

/** Builds rows again and again; a row that says the same as before is the same object, so that nothing of it is rendered anew. */
export function createRowBuilder(): (input: ConversationInput) => readonly Row[] {
  let known: ReadonlyMap<string, Row> = new Map()
  return (input) => {
    const rows = buildRows(input).map((row) => {
      const before = known.get(row.key)
      return before !== undefined && isSame(before, row) ? before : row
    })
    known = new Map(rows.map((row) => [row.key, row]))
    return rows
  }
}

/** What rows hold comes from the query cache, where the same thing is the same object. */
function isSame(before: Row, row: Row): boolean {
  const [left, right] = [Object.entries(before), new Map<string, unknown>(Object.entries(row))]
  return left.length === right.size && left.every(([name, value]) => Object.is(value, right.get(name)))
}
