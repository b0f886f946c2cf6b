import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { Task, TaskState } from '#contract/tasks'
import type { QueryUtils } from './client'

/** Every task that the board shows. `isCut`: there are more than it holds. */
export interface Board {
  readonly tasks: readonly Task[]
  readonly isCut: boolean
}

/** What came while the board was loading: a page that was read before may have it older. */
export interface Meanwhile {
  readonly updated: ReadonlyMap<string, Task>
  readonly removed: ReadonlySet<string>
}

const pageSize = 2_000
const mostTasks = 10_000
const boardKey = ['board'] as const
const meanwhileKey = ['board', 'meanwhile'] as const
const nothing: Meanwhile = { updated: new Map(), removed: new Set() }

/** Read page by page, the newest tasks first; every later change comes as an event. */
export function boardQuery(orpc: QueryUtils) {
  return queryOptions<Board>({
    queryKey: boardKey,
    // Thousands of cards: those that did not change are kept by whoever writes.
    structuralSharing: false,
    queryFn: async ({ client, signal }) => {
      client.setQueryData<Meanwhile>(meanwhileKey, nothing)
      const tasks: Task[] = []
      let cursor: string | null = null
      do {
        const page: { items: Task[]; nextCursor: string | null } = await orpc.tasks.list.call({ limit: pageSize, ...(cursor === null ? {} : { cursor }) }, { signal })
        tasks.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null && tasks.length < mostTasks)
      return withMeanwhile({ tasks, isCut: cursor !== null }, client.getQueryData<Meanwhile>(meanwhileKey) ?? nothing)
    },
  })
}

function withMeanwhile(board: Board, { updated, removed }: Meanwhile): Board {
  const known = new Set(board.tasks.map(({ id }) => id))
  const tasks = board.tasks.map((task) => newest(task, updated.get(task.id)))
  return { ...board, tasks: [...[...updated.values()].filter(({ id }) => !known.has(id)), ...tasks].filter(({ id }) => !removed.has(id)) }
}

function newest(one: Task, other: Task | undefined): Task {
  return other === undefined || other.revision < one.revision ? one : other
}

/** Remembers a change for the board that is just being read. */
export function noteMeanwhile(queryClient: QueryClient, note: (before: Meanwhile) => Meanwhile): void {
  if (queryClient.getQueryState(boardKey)?.fetchStatus !== 'fetching') return
  queryClient.setQueryData<Meanwhile>(meanwhileKey, (before) => note(before ?? nothing))
}

/** States in which a task waits for a person, or ended in a way that a person should know of. */
export const attentionStates: readonly TaskState[] = ['needs_you', 'review', 'failed', 'missed', 'dead_letter']
const mostOfState = 100

/** Also a schedule that asks about due times that went by: then, and only then, it has a reason. */
export function needsPerson({ state, reason }: Pick<Task, 'state' | 'reason'>): boolean {
  return attentionStates.includes(state) || (state === 'scheduled' && reason !== null)
}

/** Tasks for a person to look at, over everything; later changes come as events. */
export function attentionQuery(orpc: QueryUtils) {
  return queryOptions<readonly Task[]>({
    queryKey: ['attention'],
    queryFn: async ({ signal }) => {
      const pages = await Promise.all([...attentionStates, 'scheduled' as const].map((state) => orpc.tasks.list.call({ state, limit: mostOfState }, { signal })))
      return pages.flatMap(({ items }) => items.filter(needsPerson))
    },
  })
}
