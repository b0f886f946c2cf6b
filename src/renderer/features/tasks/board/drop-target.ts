import type { Task, TaskState } from '#contract/tasks'
import type { ShownLane } from '../use-board'
import { isOrdered } from './columns'
import type { DropTarget } from './drag'
import { dropOn } from './drop'

/** What lies under the pointer: a column, and the gap between two of its cards. */
export function dropTargetAt(lanes: readonly ShownLane[], x: number, y: number, dragged: readonly Task[]): DropTarget | null {
  const under = document.elementFromPoint(x, y)
  const element = under?.closest<HTMLElement>('[data-column]')
  const lane = lanes.find(({ key }) => key === element?.dataset['lane'])
  const column = lane?.columns.find(({ state }) => state === element?.dataset['column'])
  if (lane === undefined || column === undefined || under === null || under === undefined) return null
  const ids = column.tasks.map(({ id }) => id)
  const allowed = dragged.some((task) => dropOn(task, column.state).kind !== 'refuse')
  return { state: column.state, lane: lane.key, allowed, afterId: isOrdered(column.state) ? cardAbove(under, y, ids, dragged) : null }
}

function cardAbove(under: Element, y: number, ids: readonly string[], dragged: readonly Task[]): string | null {
  const moving = new Set(dragged.map(({ id }) => id))
  const card = under.closest<HTMLElement>('[data-card]')
  const at = ids.indexOf(card?.dataset['card'] ?? '')
  if (card === null || at === -1) {
    // Below the last card, or above the first in the head of the column.
    const isHead = under.closest('[data-column-scroll]') === null
    return isHead ? null : (ids.findLast((id) => !moving.has(id)) ?? null)
  }
  const box = card.getBoundingClientRect()
  const end = y < box.top + box.height / 2 ? at : at + 1
  return ids.slice(0, end).findLast((id) => !moving.has(id)) ?? null
}

export function isTarget(target: DropTarget | null | undefined, state: TaskState, lane: string): target is DropTarget {
  return target?.state === state && target.lane === lane
}
