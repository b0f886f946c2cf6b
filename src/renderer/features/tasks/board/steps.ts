/** Where the keyboard goes on the board: cards by their ids, column by column. */
export type Direction = 'up' | 'down' | 'left' | 'right'
export type Grid = readonly (readonly string[])[]

export interface Place {
  readonly column: number
  readonly row: number
}

export function placeOf(grid: Grid, id: string | null): Place | null {
  for (const [column, ids] of grid.entries()) {
    const row = id === null ? -1 : ids.indexOf(id)
    if (row !== -1) return { column, row }
  }
  return null
}

export function firstOf(grid: Grid): string | null {
  return grid.find((ids) => ids.length > 0)?.[0] ?? null
}

/** The card that the step leads to; null at the edge. Columns without cards are stepped over. A card that is gone leads to the first. */
export function stepFrom(grid: Grid, id: string | null, direction: Direction): string | null {
  const place = placeOf(grid, id)
  if (place === null) return firstOf(grid)
  if (direction === 'up') return grid[place.column]?.[place.row - 1] ?? null
  if (direction === 'down') return grid[place.column]?.[place.row + 1] ?? null
  const step = direction === 'left' ? -1 : 1
  for (let column = place.column + step; column >= 0 && column < grid.length; column += step) {
    const ids = grid[column] ?? []
    if (ids.length > 0) return ids[Math.min(place.row, ids.length - 1)] ?? null
  }
  return null
}

/** Where the focus is after the board changed: with its card, or with the next of its column, the one before, the first of all. */
export function focusAfter(before: Grid, now: Grid, id: string | null): { readonly id: string | null; readonly isMoved: boolean } {
  const [from, to] = [placeOf(before, id), placeOf(now, id)]
  if (to !== null) return { id, isMoved: from !== null && from.column !== to.column }
  const ids = from === null ? [] : (before[from.column] ?? [])
  const row = from?.row ?? 0
  const stays = (candidate: string): boolean => placeOf(now, candidate) !== null
  return { id: ids.slice(row + 1).find(stays) ?? ids.slice(0, row).findLast(stays) ?? firstOf(now), isMoved: from !== null }
}

/** All ids between two in the same column, both with it; only the second where they are not. */
export function rangeOf(grid: Grid, from: string | null, to: string): readonly string[] {
  const [start, end] = [placeOf(grid, from), placeOf(grid, to)]
  if (start === null || end === null || start.column !== end.column) return [to]
  return (grid[end.column] ?? []).slice(Math.min(start.row, end.row), Math.max(start.row, end.row) + 1)
}

/** The card that one goes behind to be a place further up or down; null: to the very top; undefined: it cannot. */
export function behindWhom(ids: readonly string[], id: string, step: 1 | -1): string | null | undefined {
  const at = ids.indexOf(id)
  if (at === -1 || at + step < 0 || at + step >= ids.length) return undefined
  return step === 1 ? ids[at + 1] : (ids[at - 2] ?? null)
}
