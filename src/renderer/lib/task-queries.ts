import { attentionQuery, boardQuery } from './board-query'
import type { QueryUtils } from './client'

const firstCursor: string | undefined = undefined

/** Of tasks and schedules. */
export function createTaskQueries(orpc: QueryUtils) {
  return {
    board: () => boardQuery(orpc),
    attention: () => attentionQuery(orpc),
    taskViews: () => orpc.tasks.views.queryOptions({ input: {}, staleTime: 0, refetchOnMount: 'always' }),
    /** Due times to come, soonest first. */
    upcoming: () => orpc.schedules.upcoming.queryOptions({ input: { limit: 100 } }),
    task: (id: string) => orpc.tasks.get.queryOptions({ input: { id } }),
    /** Newest first. */
    taskHistory: (id: string) =>
      orpc.tasks.history.infiniteOptions({
        input: (cursor: string | undefined) => ({ id, limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
        initialPageParam: firstCursor,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
      }),
    schedules: () =>
      orpc.schedules.list.infiniteOptions({
        input: (cursor: string | undefined) => ({ limit: 200, ...(cursor === undefined ? {} : { cursor }) }),
        initialPageParam: firstCursor,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
      }),
    schedule: (id: string) => orpc.schedules.get.queryOptions({ input: { id } }),
    /** Newest first. */
    occurrences: (id: string) =>
      orpc.schedules.occurrences.infiniteOptions({
        input: (cursor: string | undefined) => ({ id, limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
        initialPageParam: firstCursor,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
      }),
    /** The attempts at a task, newest first. */
    taskRuns: (id: string) => orpc.tasks.runs.queryOptions({ input: { id, limit: 50 } }),
    taskComments: (id: string) => orpc.tasks.comments.queryOptions({ input: { id } }),
    /** Tasks with these words anywhere in their texts, for what the cards do not have. */
    taskSearch: (text: string) => orpc.tasks.list.queryOptions({ input: { text, limit: 500 }, staleTime: 0, refetchOnMount: 'always' }),
  }
}
