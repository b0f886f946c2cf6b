import type { DisplayRow } from '../display-rows'
import { rowOfEntry } from '../display-rows'
import { matchesIn } from './count-matches'

/** The row that shows a match, and which of its matches it is. */
export interface MatchPlace {
  readonly key: string
  readonly nth: number
}

/** The `nth` match (from 0) of an entry among the rows; null when the entry is not among them. */
export function placeOfMatch(rows: readonly DisplayRow[], entryId: string, query: string, nth: number): MatchPlace | null {
  const first = rowOfEntry(rows, entryId)
  const row = rows[first]
  if (row === undefined) return null
  let before = 0
  for (let index = first; index < rows.length; index += 1) {
    const part = rows[index]
    if (part?.kind !== 'part' || part.part === null || part.row !== row.row) break
    const count = matchesIn(part.part.text, query).length
    if (nth < before + count) return { key: part.key, nth: nth - before }
    before += count
  }
  return { key: row.key, nth }
}
