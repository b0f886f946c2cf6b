import type { AgentNode } from '#contract/agents'

/** A line of the tree. */
export interface AgentRow {
  readonly node: AgentNode
  /** 1 for the one at the top. */
  readonly level: number
  readonly hasChildren: boolean
  readonly isOpen: boolean
  readonly place: number
  readonly siblings: number
}

/** Each agent with those below it right behind it; what is folded stays away. */
export function agentRows(nodes: readonly AgentNode[], closed: ReadonlySet<string>): readonly AgentRow[] {
  const below = new Map<string, AgentNode[]>()
  for (const node of nodes) below.set(node.parentId ?? '', [...(below.get(node.parentId ?? '') ?? []), node])
  const rowsOf = (parentId: string, level: number): AgentRow[] => {
    const siblings = below.get(parentId) ?? []
    return siblings.flatMap((node, index) => {
      const hasChildren = (below.get(node.id)?.length ?? 0) > 0
      const isOpen = hasChildren && !closed.has(node.id)
      const row = { node, level, hasChildren, isOpen, place: index + 1, siblings: siblings.length }
      return isOpen ? [row, ...rowsOf(node.id, level + 1)] : [row]
    })
  }
  return rowsOf('', 1)
}

export type TreeMove = { readonly kind: 'go'; readonly id: string } | { readonly kind: 'fold'; readonly id: string; readonly open: boolean }

/** What a key does in the tree; null: nothing. */
export function treeKey(rows: readonly AgentRow[], id: string, key: string): TreeMove | null {
  const at = rows.findIndex(({ node }) => node.id === id)
  const row = rows[at]
  if (!row) return null
  const go = (target: AgentRow | undefined): TreeMove | null => (target ? { kind: 'go', id: target.node.id } : null)
  switch (key) {
    case 'ArrowDown': return go(rows[at + 1])
    case 'ArrowUp': return go(rows[at - 1])
    case 'Home': return go(rows[0])
    case 'End': return go(rows.at(-1))
    case 'ArrowRight':
      if (row.hasChildren && !row.isOpen) return { kind: 'fold', id, open: true }
      return row.isOpen ? go(rows[at + 1]) : null
    case 'ArrowLeft':
      if (row.isOpen) return { kind: 'fold', id, open: false }
      return go(rows.find(({ node }) => node.id === row.node.parentId))
    default: return null
  }
}
