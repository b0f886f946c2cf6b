import type { GraphRow } from './graph'

/** Rows are newest first: of two ids, the one further down comes first. */
export function oldestFirst(rows: readonly GraphRow[], one: string, other: string): readonly [from: string, to: string] {
  const at = (id: string): number => rows.findIndex((row) => row.checkpoint.id === id)
  return at(one) < at(other) ? [other, one] : [one, other]
}
