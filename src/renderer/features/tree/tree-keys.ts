import type { TreeRow } from './tree-rows'

export type TreeMove =
  | { readonly kind: 'go'; readonly index: number }
  | { readonly kind: 'toggle'; readonly path: string; readonly open: boolean }

/** What an arrow key does in a tree, as screen readers tell people: right opens and goes in, left closes and goes out. */
export function treeMove(key: string, rows: readonly TreeRow[], active: number, page: number): TreeMove | null {
  const go = (index: number): TreeMove => ({ kind: 'go', index: Math.max(0, Math.min(rows.length - 1, index)) })
  const row = rows[active]
  switch (key) {
    case 'ArrowDown': return go(active + 1)
    case 'ArrowUp': return go(active - 1)
    case 'PageDown': return go(active + page)
    case 'PageUp': return go(active - page)
    case 'Home': return go(0)
    case 'End': return go(rows.length - 1)
    case 'ArrowRight':
      if (row?.kind !== 'folder') return null
      return row.isExpanded ? ((rows[active + 1]?.level ?? 0) > row.level ? go(active + 1) : null) : { kind: 'toggle', path: row.path, open: true }
    case 'ArrowLeft': {
      if (row === undefined) return null
      if (row.isExpanded) return { kind: 'toggle', path: row.path, open: false }
      const parent = rows.findLastIndex((other, index) => index < active && other.level < row.level)
      return parent === -1 ? null : go(parent)
    }
    default: return null
  }
}
