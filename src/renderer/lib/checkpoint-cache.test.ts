import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { type CheckpointPages, removeCheckpoints, upsertCheckpoint, writeBranch, writeCheckpoint, writeRestore, writeStorageJob } from './checkpoint-cache'
import { createClient, createQueryUtils } from './client'
import { createQueries } from './queries'
import { aBranch, aCheckpoint } from './testing/checkpoint-samples'

const pages = (...ids: readonly (readonly string[])[]): CheckpointPages => ({
  pages: ids.map((page) => ({ items: page.map((id) => aCheckpoint(id)), nextCursor: null, currentId: 'a' })),
  pageParams: ids.map(() => undefined),
})
const idsOf = (data: CheckpointPages | undefined) => data?.pages.map((page) => page.items.map((item) => item.id))

function createParts() {
  const orpc = createQueryUtils(createClient({ link: { call: () => Promise.reject(new Error('nothing is asked here')) } }))
  return { queryClient: new QueryClient(), orpc, queries: createQueries(orpc) }
}

test('a new checkpoint goes first, a known one stays in its place', () => {
  const added = upsertCheckpoint(pages(['b', 'a'], ['z']), aCheckpoint('c'), true)
  expect([idsOf(added), added.pages.map((page) => page.currentId)]).toEqual([[['c', 'b', 'a'], ['z']], ['c', 'c']])
  const renamed = upsertCheckpoint(added, aCheckpoint('z', { title: 'kept' }), false)
  expect([idsOf(renamed), renamed.pages[1]?.items[0]?.title, renamed.pages[0]?.currentId]).toEqual([[['c', 'b', 'a'], ['z']], 'kept', 'c'])
})

test('checkpoints that are gone leave every page', () => {
  expect(idsOf(removeCheckpoints(pages(['c', 'b'], ['a']), ['c', 'a']))).toEqual([['b'], []])
})

test('an event of a checkpoint reaches its list, and what was compared with now is old', () => {
  const parts = createParts()
  const { queryClient, queries } = parts
  queryClient.setQueryData(queries.checkpoints('s1').queryKey, pages(['a']))
  const diff = { from: 'a', to: 'now', files: { items: [], total: 0, lines: { added: 0, removed: 0 }, truncated: false, available: true }, conversation: { commonEntryId: null, onlyFrom: [], onlyTo: [] }, memory: null, tasks: null }
  queryClient.setQueryData(queries.checkpointDiff('a', 'now').queryKey, diff)
  queryClient.setQueryData(queries.checkpointDiff('a', 'b').queryKey, { ...diff, to: 'b' })
  writeCheckpoint(parts, { checkpoint: aCheckpoint('b'), current: true })
  expect(idsOf(queryClient.getQueryData(queries.checkpoints('s1').queryKey))).toEqual([['b', 'a']])
  expect(['now', 'b'].map((to) => queryClient.getQueryState(queries.checkpointDiff('a', to).queryKey)?.isInvalidated)).toEqual([true, false])
})

test('the progress of a restore is kept by session, and its end makes the timeline old', () => {
  const parts = createParts()
  const { queryClient, queries } = parts
  const { queryKey } = queries.checkpoints('s1')
  queryClient.setQueryData(queryKey, pages(['a']))
  const progress = { restoreId: 'r', sessionId: 's1', checkpointId: 'a', redoCheckpointId: 'b', state: 'applying', done: 1, total: 2 } as const
  writeRestore(parts, progress)
  expect([queryClient.getQueryData(queries.restoreProgress('s1').queryKey), queryClient.getQueryState(queryKey)?.isInvalidated]).toEqual([progress, false])
  writeRestore(parts, { ...progress, state: 'completed', done: 2 })
  expect(queryClient.getQueryState(queryKey)?.isInvalidated).toBe(true)
})

test('a branch reaches the list of the session it was made from', () => {
  const parts = createParts()
  const { queryKey } = parts.queries.branches('s1')
  parts.queryClient.setQueryData(queryKey, { items: [aBranch('old', { createdAt: 1 })] })
  writeBranch(parts, aBranch('new', { createdAt: 2 }))
  writeBranch(parts, aBranch('old', { createdAt: 1, broughtHomeAt: 9 }))
  expect(parts.queryClient.getQueryData(queryKey)).toEqual({ items: [aBranch('new', { createdAt: 2 }), aBranch('old', { createdAt: 1, broughtHomeAt: 9 })] })
})

test('a job of the store is shown while it runs, and then as the last of its kind', () => {
  const parts = createParts()
  const { queryKey } = parts.queries.storage()
  const job = { id: 'j', kind: 'verify', state: 'running', done: 1, total: 2, startedAt: 0, endedAt: null, freedBytes: 0, prunedCheckpoints: 0, damaged: [], error: null } as const
  const empty = { bytes: 0, slackBytes: 0, objects: 0, limits: { bytes: 1, days: 1 }, workspaces: [], ages: [], prunable: { checkpoints: 0, bytes: 0 }, job: null, lastJobs: [] }
  parts.queryClient.setQueryData(queryKey, empty)
  writeStorageJob(parts, { ...job, damaged: [] })
  expect(parts.queryClient.getQueryData(queryKey)).toEqual({ ...empty, job })
  const ended = { ...job, state: 'completed', done: 2, endedAt: 5, damaged: [] } as const
  writeStorageJob(parts, { ...ended, damaged: [] })
  expect(parts.queryClient.getQueryData(queryKey)).toEqual({ ...empty, lastJobs: [ended] })
})
