import type { InfiniteData } from '@tanstack/react-query'
import type { Branch, Checkpoint } from '#contract/checkpoints'
import type { EventPayload } from '#contract/events'
import type { StorageJob } from '#contract/storage'
import { type QueryParts, reloadIfLoading } from './query-parts'

export interface CheckpointPage {
  items: Checkpoint[]
  nextCursor: string | null
  currentId: string | null
}
export type CheckpointPages = InfiniteData<CheckpointPage, string | undefined>

/** A known checkpoint stays in its place, a new one goes first. */
export function upsertCheckpoint(data: CheckpointPages, checkpoint: Checkpoint, current: boolean): CheckpointPages {
  const isKnown = data.pages.some((page) => page.items.some((item) => item.id === checkpoint.id))
  return {
    ...data,
    pages: data.pages.map((page, index) => ({
      ...page,
      items: isKnown
        ? page.items.map((item) => (item.id === checkpoint.id ? checkpoint : item))
        : index === 0 ? [checkpoint, ...page.items] : page.items,
      currentId: current ? checkpoint.id : page.currentId,
    })),
  }
}

export function removeCheckpoints(data: CheckpointPages, ids: readonly string[]): CheckpointPages {
  const gone = new Set(ids)
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => !gone.has(item.id)) })) }
}

export function writeCheckpoint(parts: QueryParts, { checkpoint, current }: EventPayload<'checkpoint.update'>): void {
  const { queryClient, queries } = parts
  const { queryKey } = queries.checkpoints(checkpoint.sessionId)
  queryClient.setQueryData(queryKey, (data) => data && upsertCheckpoint(data, checkpoint, current))
  reloadIfLoading(parts, queryKey)
  void queryClient.invalidateQueries({ queryKey: queries.checkpoint(checkpoint.id).queryKey, exact: true })
  void queryClient.invalidateQueries({ queryKey: queries.pins().queryKey, exact: true })
  invalidateNow(parts)
}

export function dropCheckpoints(parts: QueryParts, { sessionId, checkpointIds }: EventPayload<'checkpoint.removed'>): void {
  const { queryKey } = parts.queries.checkpoints(sessionId)
  parts.queryClient.setQueryData(queryKey, (data) => data && removeCheckpoints(data, checkpointIds))
  reloadIfLoading(parts, queryKey)
}

export function writeRestore(parts: QueryParts, progress: EventPayload<'checkpoint.restore'>): void {
  const { queryClient, queries } = parts
  queryClient.setQueryData(queries.restoreProgress(progress.sessionId).queryKey, progress)
  if (progress.state === 'applying') return
  // A restore can change where the session stands without a new checkpoint.
  void queryClient.invalidateQueries({ queryKey: queries.checkpoints(progress.sessionId).queryKey, exact: true })
  invalidateNow(parts)
}

export function writeBranch(parts: QueryParts, branch: Branch): void {
  for (const sessionId of new Set([branch.originSessionId, branch.sessionId])) {
    const { queryKey } = parts.queries.branches(sessionId)
    parts.queryClient.setQueryData(queryKey, (data) =>
      data && { items: [branch, ...data.items.filter((item) => item.id !== branch.id)].sort((left, right) => right.createdAt - left.createdAt) })
    reloadIfLoading(parts, queryKey)
  }
}

export function dropBranch(parts: QueryParts, { branchId, originSessionId, sessionId }: EventPayload<'branch.removed'>): void {
  for (const id of new Set([originSessionId, sessionId])) {
    const { queryKey } = parts.queries.branches(id)
    parts.queryClient.setQueryData(queryKey, (data) => data && { items: data.items.filter((item) => item.id !== branchId) })
    reloadIfLoading(parts, queryKey)
  }
}

export function writeStorageJob(parts: QueryParts, job: StorageJob): void {
  const { queryClient, queries } = parts
  const { queryKey } = queries.storage()
  const isRunning = job.state === 'running'
  queryClient.setQueryData(queryKey, (data) => data && {
    ...data,
    job: isRunning ? job : null,
    lastJobs: isRunning ? data.lastJobs : [job, ...data.lastJobs.filter((last) => last.kind !== job.kind)],
  })
  if (!isRunning) void queryClient.invalidateQueries({ queryKey, exact: true })
}

/** What was compared with the present of a folder may be different now. */
function invalidateNow({ queryClient, orpc }: QueryParts): void {
  for (const key of [orpc.checkpoints.undoFileDiff.key(), orpc.branches.previewFile.key(), orpc.branches.compareFile.key()]) void queryClient.invalidateQueries({ queryKey: key })
  for (const key of [orpc.checkpoints.diff.key(), orpc.checkpoints.fileDiff.key()]) {
    void queryClient.invalidateQueries({ queryKey: key, predicate: (query) => JSON.stringify(query.queryKey).includes('"now"') })
  }
  void queryClient.invalidateQueries({ queryKey: orpc.branches.compare.key() })
}
