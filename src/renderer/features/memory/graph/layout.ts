import type { MemoryItem } from '#contract/memory'

export interface GraphNode {
  readonly id: string
  readonly kind: 'item' | 'group'
  readonly label: string
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly item: MemoryItem | null
}

export interface GraphEdge {
  readonly from: GraphNode
  readonly to: GraphNode
}

export interface GraphLayout {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly size: number
}

/** More would be a cloud. */
export const MAX_GRAPH_ITEMS = 300
const MAX_GROUPS = 24
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))
const ITEM_GAP = 15
const GROUP_GAP = 46

/** What an item belongs to: its tags; where it counts when it has none. */
export function groupsOf(item: Pick<MemoryItem, 'tags' | 'scope'>): readonly string[] {
  return item.tags.length > 0 ? item.tags.map((tag) => `#${tag}`) : [item.scope === 'user' ? 'everywhere' : item.scope === 'workspace' ? 'in folders' : 'in sessions']
}

/**
 * Groups on a circle, each with its items around it in a spiral of the sunflower, so that the same items always stand at the same
 * places. Lines go to every group that an item belongs to.
 */
export function layOut(items: readonly MemoryItem[]): GraphLayout {
  const shown = items.slice(0, MAX_GRAPH_ITEMS)
  const counts = new Map<string, number>()
  for (const item of shown) for (const group of groupsOf(item)) counts.set(group, (counts.get(group) ?? 0) + 1)
  const names = [...counts].sort(([left, many], [right, more]) => more - many || left.localeCompare(right)).slice(0, MAX_GROUPS).map(([name]) => name)
  const home = (item: MemoryItem): string => groupsOf(item).find((group) => names.includes(group)) ?? names[0] ?? ''
  const members = new Map(names.map((name): [string, MemoryItem[]] => [name, []]))
  for (const item of shown) members.get(home(item))?.push(item)
  const reaches = names.map((name) => GROUP_GAP + ITEM_GAP * Math.sqrt(members.get(name)?.length ?? 0))
  const around = reaches.reduce((sum, reach) => sum + reach * 2, 0)
  const ring = names.length <= 1 ? 0 : Math.max(around / (2 * Math.PI), Math.max(...reaches) * 1.1)
  const size = 2 * (ring + Math.max(GROUP_GAP, ...reaches) + 20)
  const groups = new Map<string, GraphNode>()
  let walked = 0
  names.forEach((name, index) => {
    const reach = reaches[index] ?? GROUP_GAP
    const angle = around === 0 ? 0 : ((walked + reach) / around) * 2 * Math.PI - Math.PI / 2
    walked += reach * 2
    groups.set(name, { id: `group ${name}`, kind: 'group', label: name, x: size / 2 + ring * Math.cos(angle), y: size / 2 + ring * Math.sin(angle), radius: 5, item: null })
  })
  const nodes = [...members].flatMap(([name, own]) => own.map((item, index) => placed(item, index, groups.get(name))))
  const edges = nodes.flatMap((from) => (from.item === null ? [] : groupsOf(from.item).flatMap((group) => {
    const to = groups.get(group)
    return to ? [{ from, to }] : []
  })))
  return { nodes: [...groups.values(), ...nodes], edges, size }
}

function placed(item: MemoryItem, index: number, group: GraphNode | undefined): GraphNode {
  const distance = 22 + ITEM_GAP * Math.sqrt(index)
  const angle = index * GOLDEN_ANGLE
  return {
    id: item.id, kind: 'item', label: item.title || item.text, item, radius: 3 + 4 * item.importance,
    x: (group?.x ?? 0) + distance * Math.cos(angle), y: (group?.y ?? 0) + distance * Math.sin(angle),
  }
}
