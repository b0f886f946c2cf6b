import { useMemo } from 'react'
import type { Task, TaskState } from '#contract/tasks'
import { useCommands } from '../../../lib/commands/use-commands'
import { useTasksParts, useSay } from '../tasks-context'
import { useTaskActions } from '../use-task-actions'
import { stateWords } from '../words'
import { isOrdered } from './columns'
import { nextColumn } from './drop'
import { behindWhom, type Direction, firstOf, type Grid, rangeOf, stepFrom } from './steps'

export interface ShownGrid {
  /** All columns, lane after lane in each. */
  readonly grid: Grid
  /** The columns of each lane. */
  readonly lanes: readonly Grid[]
  readonly states: readonly TaskState[]
  readonly byId: ReadonlyMap<string, Task>
}

/** What the keys do with the cards that are shown. Arrow keys do the same while a card has the focus. */
export function useBoardKeys({ grid, lanes, states, byId }: ShownGrid) {
  const { board } = useTasksParts()
  const actions = useTaskActions()
  const say = useSay()
  const focused = (): Task | undefined => byId.get(board.getState().focusId ?? '')
  const step = (direction: Direction): void => {
    const { focusId } = board.getState()
    const isSide = direction === 'left' || direction === 'right'
    const where = isSide ? (lanes.find((lane) => lane.some((ids) => ids.includes(focusId ?? ''))) ?? grid) : grid
    const next = stepFrom(where, focusId, direction) ?? (byId.has(focusId ?? '') ? focusId : firstOf(grid))
    if (next !== null) board.getState().want(next)
  }
  /** The selected cards, when the one with the focus is among them; else that one. */
  const meant = (task: Task): readonly Task[] => {
    const { selected } = board.getState()
    return selected.has(task.id) ? [...selected].flatMap((id) => byId.get(id) ?? []) : [task]
  }
  const shift = (by: 1 | -1): void => {
    const task = focused()
    const ids = grid.find((column) => task !== undefined && column.includes(task.id))
    if (task === undefined || ids === undefined) return
    const behind = isOrdered(task.state) ? behindWhom(ids, task.id, by) : undefined
    if (behind === undefined) return say(isOrdered(task.state) ? 'It is at the end of its column.' : `${stateWords[task.state]} is in the order of what happened.`)
    board.getState().want(task.id)
    actions.put([task], task.state, behind)
  }
  const carry = (by: 1 | -1): void => {
    const task = focused()
    if (task === undefined) return
    const target = nextColumn(task, states, by)
    if (target === null) return say('No column in this direction takes it.')
    board.getState().want(task.id)
    actions.put(meant(task), target)
  }
  const toggle = (): void => {
    const task = focused()
    if (task === undefined) return
    const { selected, select } = board.getState()
    select([task.id], !selected.has(task.id))
    say(`${selected.has(task.id) ? 'Not selected' : 'Selected'}: ${task.title}. ${board.getState().selected.size} selected.`)
  }
  const hasCards = byId.size > 0
  useCommands({
    'board.down': hasCards ? () => step('down') : null,
    'board.up': hasCards ? () => step('up') : null,
    'board.left': hasCards ? () => step('left') : null,
    'board.right': hasCards ? () => step('right') : null,
    'board.move-down': hasCards ? () => shift(1) : null,
    'board.move-up': hasCards ? () => shift(-1) : null,
    'board.move-left': hasCards ? () => carry(-1) : null,
    'board.move-right': hasCards ? () => carry(1) : null,
    'board.select': hasCards ? toggle : null,
  })
  return { step, focused, meant, actions, selectRange: useSelectRange(grid) }
}

/** Stays the same function while the cards do, so that not every card is rendered anew. */
function useSelectRange(grid: Grid) {
  const { board } = useTasksParts()
  return useMemo(() => (id: string): void => {
    const { anchorId, select, want } = board.getState()
    select(rangeOf(grid, anchorId, id), true)
    want(id)
  }, [board, grid])
}
