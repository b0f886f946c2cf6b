import { queryOptions, skipToken } from '@tanstack/react-query'
import type { UndoTarget } from '#contract/checkpoints'
import type { EventPayload } from '#contract/events'
import type { Session } from '#contract/sessions'
import type { QueryUtils } from './client'
import { createTaskQueries } from './task-queries'

/** Every session is in one of these lists. */
export const sessionPlaces = ['active', 'archived', 'deleted'] as const
export type SessionPlace = (typeof sessionPlaces)[number]

export function placeOf(session: Pick<Session, 'archived' | 'deletedAt'>): SessionPlace {
  if (session.deletedAt !== null) return 'deleted'
  return session.archived ? 'archived' : 'active'
}

const firstCursor: string | undefined = undefined

/**
 * Every query that more than one place reads. The event bridge writes to the same keys, so a feature never builds a
 * key of its own for these.
 */
export function createQueries(orpc: QueryUtils) {
  return {
    sessions: (place: SessionPlace) =>
      orpc.sessions.list.infiniteOptions({
        input: (cursor: string | undefined) => ({ archived: place === 'archived', deleted: place === 'deleted', limit: 500, ...(cursor === undefined ? {} : { cursor }) }),
        initialPageParam: firstCursor,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
      }),
    session: (id: string) => orpc.sessions.get.queryOptions({ input: { id } }),
    /** Pages are newest first, entries inside a page oldest first. */
    entries: (id: string, headId: string) =>
      orpc.sessions.entries.infiniteOptions({
        input: (cursor: string | undefined) => ({ id, headId, limit: cursor === undefined ? 100 : 300, ...(cursor === undefined ? {} : { cursor }) }),
        initialPageParam: firstCursor,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
      }),
    context: (id: string) => orpc.sessions.context.queryOptions({ input: { id } }),
    runs: (sessionId: string) => orpc.runs.list.queryOptions({ input: { id: sessionId } }),
    prompts: (sessionId: string) => orpc.prompts.list.queryOptions({ input: { id: sessionId } }),
    run: (id: string) => orpc.runs.get.queryOptions({ input: { id } }),
    agentTree: (runId: string) => orpc.agents.tree.queryOptions({ input: { id: runId } }),
    plan: (id: string) => orpc.plans.get.queryOptions({ input: { id } }),
    templates: () => orpc.agents.templates.queryOptions({ input: {} }),
    openRequests: () => orpc.humanRequests.list.queryOptions({ input: { status: 'open', limit: 500 } }),
    workspaces: () => orpc.workspaces.list.queryOptions({ input: {} }),
    settings: () => orpc.settings.get.queryOptions({ input: {} }),
    settingsFile: () => orpc.settings.file.queryOptions({ input: {} }),
    work: () => orpc.work.get.queryOptions({ input: {} }),
    models: () => orpc.models.list.queryOptions({ input: {} }),
    providers: () => orpc.providers.list.queryOptions({ input: {} }),
    /** Newest first. */
    checkpoints: (sessionId: string) =>
      orpc.checkpoints.list.infiniteOptions({
        input: (cursor: string | undefined) => ({ id: sessionId, limit: 200, ...(cursor === undefined ? {} : { cursor }) }),
        initialPageParam: firstCursor,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
      }),
    checkpoint: (id: string) => orpc.checkpoints.get.queryOptions({ input: { id } }),
    checkpointDiff: (a: string, b: string) =>
      orpc.checkpoints.diff.queryOptions({ input: { a, b, limit: 20_000 }, ...freshness(b === 'now') }),
    checkpointFileDiff: (a: string, b: string, path: string) =>
      orpc.checkpoints.fileDiff.queryOptions({ input: { a, b, path }, ...freshness(a === 'now' || b === 'now') }),
    branches: (sessionId: string) => orpc.branches.list.queryOptions({ input: { id: sessionId } }),
    undoFileDiff: (target: UndoTarget, path: string) => orpc.checkpoints.undoFileDiff.queryOptions({ input: { target, path }, ...freshness(true) }),
    homeFileDiff: (branchId: string, path: string) => orpc.branches.previewFile.queryOptions({ input: { id: branchId, path }, ...freshness(true) }),
    branchFileDiff: (id: string, other: string, path: string) => orpc.branches.compareFile.queryOptions({ input: { id, other, path }, ...freshness(true) }),
    branchComparison: (id: string, other: string) => orpc.branches.compare.queryOptions({ input: { id, other }, ...freshness(true) }),
    pins: () =>
      orpc.storage.pins.infiniteOptions({
        input: (cursor: string | undefined) => ({ limit: 200, ...(cursor === undefined ? {} : { cursor }) }),
        initialPageParam: firstCursor,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
        ...freshness(true),
      }),
    storage: () => orpc.storage.get.queryOptions({ input: {}, ...freshness(true) }),
    /** How far the restore of a session is; only events write it. */
    restoreProgress: (sessionId: string) =>
      queryOptions<EventPayload<'checkpoint.restore'>>({ queryKey: ['restore progress', sessionId], queryFn: skipToken }),
    ...createTaskQueries(orpc),
    system: () => orpc.system.info.queryOptions({ input: {} }),
  }
}
/** What is true `now` can change without an event, by anyone who edits a file: it is asked for whenever it is shown anew. */
function freshness(isNow: boolean) {
  return isNow ? { staleTime: 0, refetchOnMount: 'always' as const } : {}
}
export type Queries = ReturnType<typeof createQueries>
