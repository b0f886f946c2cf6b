import type { Priority, Task, TaskState } from '#contract/tasks'
import { lastSeen } from '../words'

export interface Column {
  readonly state: TaskState
  readonly tasks: readonly Task[]
}

/** From left to right. */
export const columnOrder: readonly TaskState[] = [
  'backlog', 'scheduled', 'ready', 'running', 'needs_you', 'review', 'done', 'failed', 'missed', 'dead_letter', 'cancelled',
]

/** Hidden while they hold nothing and nobody asks for them. */
export const quietColumns: readonly TaskState[] = ['scheduled', 'missed', 'dead_letter', 'cancelled']

/** Columns whose order a person makes; the others are in the order of what happened. */
export function isOrdered(state: TaskState): boolean {
  return state === 'backlog' || state === 'ready'
}

const weights: Readonly<Record<Priority, number>> = { urgent: 3, high: 2, normal: 1, low: 0 }

export function priorityWeight(priority: Priority): number {
  return weights[priority]
}

export function columnsOf(tasks: readonly Task[], asked: ReadonlySet<TaskState>): readonly Column[] {
  const byState = new Map<TaskState, Task[]>(columnOrder.map((state) => [state, []]))
  for (const task of tasks) byState.get(task.state)?.push(task)
  return columnOrder.flatMap((state) => {
    const held = byState.get(state) ?? []
    if (held.length === 0 && quietColumns.includes(state) && !asked.has(state)) return []
    return [{ state, tasks: held.sort(comparerOf(state)) }]
  })
}

type Comparer = (left: Task, right: Task) => number

function comparerOf(state: TaskState): Comparer {
  switch (state) {
    case 'backlog':
    case 'ready': return byOrder
    case 'scheduled': return byNextDue
    case 'running': return (left, right) => (right.startedAt ?? 0) - (left.startedAt ?? 0) || byOrder(left, right)
    case 'needs_you':
    case 'review': return (left, right) => left.updatedAt - right.updatedAt || byOrder(left, right)
    case 'done':
    case 'failed':
    case 'missed':
    case 'dead_letter':
    case 'cancelled': return (left, right) => lastSeen(right) - lastSeen(left) || byOrder(left, right)
  }
}

const byOrder: Comparer = (left, right) => left.order - right.order || (left.id < right.id ? -1 : 1)

/** What is paused or has nothing more to come goes last. */
const byNextDue: Comparer = (left, right) => dueOf(left) - dueOf(right) || byOrder(left, right)

function dueOf({ nextDueAt, pausedReason }: Task): number {
  return nextDueAt === null || pausedReason !== null ? Number.MAX_SAFE_INTEGER : nextDueAt
}
