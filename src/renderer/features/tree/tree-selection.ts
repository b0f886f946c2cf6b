import { isInside } from '../../lib/file-path'

/** Several rows at once. Empty: only the active row counts. */
export interface TreeSelection {
  readonly paths: ReadonlySet<string>
  /** Where a range begins. */
  readonly anchor: string | null
}

export const noSelection: TreeSelection = { paths: new Set(), anchor: null }

/** Takes the row in, or out again. What was active counts as the first that was chosen. */
export function withToggled({ paths }: TreeSelection, path: string, active: string | null): TreeSelection {
  const next = new Set(paths.size === 0 && active !== null ? [active] : paths)
  if (!next.delete(path) || next.size === 0) next.add(path)
  return { paths: next, anchor: path }
}

/** Every row from the anchor, or else the active one, to this row. */
export function withRange({ anchor }: TreeSelection, order: readonly string[], path: string, active: string | null): TreeSelection {
  const from = anchor !== null && order.includes(anchor) ? anchor : active !== null && order.includes(active) ? active : path
  const [first = 0, last = 0] = [order.indexOf(from), order.indexOf(path)].sort((left, right) => left - right)
  return { paths: new Set(order.slice(Math.max(0, first), last + 1)), anchor: from }
}

/** What an action on this row is done to: all that is chosen when the row is among it. What lies in a chosen folder goes with the folder. */
export function targetsOf({ paths }: TreeSelection, path: string): readonly string[] {
  if (!paths.has(path)) return [path]
  return [...paths].filter((one) => ![...paths].some((other) => other !== one && isInside(one, other))).sort()
}
