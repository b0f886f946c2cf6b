import type { Task } from '#contract/tasks'
import { columnOrder, priorityWeight } from '../board/columns'
import { lastSeen } from '../words'

export type SortKey = 'title' | 'state' | 'priority' | 'template' | 'workspace' | 'parts' | 'progress' | 'activity' | 'created' | 'cost'

export interface Sorting {
  readonly key: SortKey
  readonly isDown: boolean
}

export function sortTasks(tasks: readonly Task[], { key, isDown }: Sorting, workspaceName: (id: string | null) => string): readonly Task[] {
  const valueOf = readerOf(key, workspaceName)
  const sign = isDown ? -1 : 1
  return tasks
    .map((task) => ({ task, value: valueOf(task) }))
    .sort((left, right) => sign * compare(left.value, right.value) || right.task.createdAt - left.task.createdAt)
    .map(({ task }) => task)
}

/** Those without any come first. */
function shareOf(done: number, total: number): number {
  return total === 0 ? -1 : done / total
}

function compare(left: number | string, right: number | string): number {
  return typeof left === 'string' && typeof right === 'string' ? left.localeCompare(right) : Number(left) - Number(right)
}

function readerOf(key: SortKey, workspaceName: (id: string | null) => string): (task: Task) => number | string {
  switch (key) {
    case 'title': return ({ title }) => title
    case 'state': return ({ state }) => columnOrder.indexOf(state)
    case 'priority': return ({ priority }) => priorityWeight(priority)
    case 'template': return ({ template }) => template
    case 'workspace': return ({ workspaceId }) => workspaceName(workspaceId)
    case 'parts': return ({ children: { done, total } }) => shareOf(done, total)
    case 'progress': return ({ checklist }) => shareOf(checklist.filter(({ done }) => done).length, checklist.length)
    case 'activity': return lastSeen
    case 'created': return ({ createdAt }) => createdAt
    case 'cost': return ({ costUsd }) => costUsd ?? -1
  }
}
