import type { QueryUtils } from './client'

const firstCursor: string | undefined = undefined

/**
 * Every query that more than one place reads. The event bridge writes to the same keys, so a feature never builds a
 * key of its own for these.
 */
export function createQueries(orpc: QueryUtils) {
  return {
    sessions: (archived: boolean) =>
      orpc.sessions.list.infiniteOptions({
        input: (cursor: string | undefined) => ({ archived, limit: 200, ...(cursor === undefined ? {} : { cursor }) }),
        initialPageParam: firstCursor,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
      }),
    session: (id: string) => orpc.sessions.get.queryOptions({ input: { id } }),
    /** Pages are newest first, entries inside a page oldest first. */
    entries: (id: string, headId: string) =>
      orpc.sessions.entries.infiniteOptions({
        input: (cursor: string | undefined) => ({ id, headId, limit: 100, ...(cursor === undefined ? {} : { cursor }) }),
        initialPageParam: firstCursor,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
      }),
    context: (id: string) => orpc.sessions.context.queryOptions({ input: { id } }),
    runs: (sessionId: string) => orpc.runs.list.queryOptions({ input: { id: sessionId } }),
    run: (id: string) => orpc.runs.get.queryOptions({ input: { id } }),
    openRequests: () => orpc.humanRequests.list.queryOptions({ input: { status: 'open', limit: 500 } }),
    workspaces: () => orpc.workspaces.list.queryOptions({ input: {} }),
    settings: () => orpc.settings.get.queryOptions({ input: {} }),
    models: () => orpc.models.list.queryOptions({ input: {} }),
    providers: () => orpc.providers.list.queryOptions({ input: {} }),
    system: () => orpc.system.info.queryOptions({ input: {} }),
  }
}
export type Queries = ReturnType<typeof createQueries>
