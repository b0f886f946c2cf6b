import type { Checkpoint } from '#contract/checkpoints'

export type TimelineLook = 'list' | 'graph'

/** A line of a row, from lane to lane. `in` reaches the point from above, `out` leaves it downwards, `pass` goes by. */
export interface GraphLine {
  readonly kind: 'in' | 'out' | 'pass'
  readonly from: number
  readonly to: number
}

export interface GraphRow {
  readonly checkpoint: Checkpoint
  readonly lane: number
  readonly lines: readonly GraphLine[]
  /** Checkpoints that were made from this one, newest first; more than one means that the history parts here. */
  readonly children: readonly string[]
}

export interface Graph {
  readonly rows: readonly GraphRow[]
  readonly lanes: number
}

/**
 * Newest first, as the server lists them. Each checkpoint is drawn in the lane of its newest child, so that the line
 * that goes on stays straight; other children join it from the right. A parent that is not in the list ends its line.
 */
export function buildGraph(items: readonly Checkpoint[]): Graph {
  const known = new Set(items.map((item) => item.id))
  const children = new Map<string, string[]>()
  for (const { id, parentId } of items) {
    if (parentId !== null) children.set(parentId, [...(children.get(parentId) ?? []), id])
  }
  // The id that each lane waits for; null is a lane that is free.
  const waiting: (string | null)[] = []
  const rows = items.map((checkpoint): GraphRow => {
    const above = [...waiting]
    const lane = freeLane(waiting, checkpoint.id)
    const lines: GraphLine[] = above.flatMap((id, index): readonly GraphLine[] =>
      id === null ? [] : id === checkpoint.id ? [{ kind: 'in', from: index, to: lane }] : [{ kind: 'pass', from: index, to: index }])
    waiting.forEach((id, index) => {
      if (id === checkpoint.id) waiting[index] = null
    })
    const parent = checkpoint.parentId !== null && known.has(checkpoint.parentId) ? checkpoint.parentId : null
    waiting[lane] = parent
    return {
      checkpoint, lane, children: children.get(checkpoint.id) ?? [],
      lines: parent === null ? lines : [...lines, { kind: 'out', from: lane, to: lane }],
    }
  })
  return { rows, lanes: waiting.length }
}

function freeLane(waiting: readonly (string | null)[], id: string): number {
  for (const wanted of [id, null]) {
    const index = waiting.indexOf(wanted)
    if (index !== -1) return index
  }
  return waiting.length
}
