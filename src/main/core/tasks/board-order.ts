import type { TaskState } from '#contract/tasks'
import { AppError } from '../errors'
import type { TaskStore } from '../ports/task-store'

/** Apart enough to be told from both neighbours. */
const SMALLEST_GAP = 1e-9

/** The place right behind a card of a column, or at its top. Where two cards leave no room between them, the column is numbered anew. */
export function placeInColumn(tasks: TaskStore, state: TaskState, afterId: string | null, onMoved: (id: string) => void): number {
  if (afterId === null) return (tasks.firstOrder(state) ?? 1) - 1
  const before = tasks.get(afterId)
  if (before?.state !== state) throw new AppError('CONFLICT', 'The card in front of it is not in this column any more. Nothing was moved.')
  const next = tasks.orderAfter(state, before.order)
  if (next === null) return before.order + 1
  if (next - before.order > SMALLEST_GAP) return (before.order + next) / 2
  for (const [index, id] of tasks.idsInState(state).entries()) {
    tasks.patch(id, { order: before.order + index * 0.001 })
    onMoved(id)
  }
  return placeInColumn(tasks, state, afterId, onMoved)
}
