import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { boardQuery } from './board-query'
import { createClient, createQueryUtils } from './client'
import { createQueries } from './queries'
import { dropTasks, upsertAttention, upsertTask, writeTask } from './task-cache'
import { deferred } from './testing/deferred'
import { aTask } from './testing/samples'

function harness(answer: (path: readonly string[], input: unknown) => unknown) {
  const orpc = createQueryUtils(createClient({ link: { call: async (path, input) => answer(path, input) } }))
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })
  return { orpc, queryClient, queries: createQueries(orpc) }
}

test('the board is read page by page', async () => {
  const pages = [{ items: [aTask('a')], nextCursor: 'more' }, { items: [aTask('b')], nextCursor: null }]
  const asked: unknown[] = []
  const { orpc, queryClient } = harness((_path, input) => {
    asked.push(input)
    return pages.shift()
  })
  expect(await queryClient.fetchQuery(boardQuery(orpc))).toEqual({ tasks: [aTask('a'), aTask('b')], isCut: false })
  expect(asked).toEqual([{ limit: 2000 }, { limit: 2000, cursor: 'more' }])
})

test('what changes while it is read is not lost, and nothing older comes back', async () => {
  const page = deferred<unknown>()
  const parts = harness(() => page.promise)
  const loading = parts.queryClient.fetchQuery(boardQuery(parts.orpc))
  writeTask(parts, aTask('new'))
  writeTask(parts, aTask('a', { state: 'ready', revision: 3 }))
  writeTask(parts, aTask('b', { state: 'ready', revision: 1 }))
  dropTasks(parts, ['gone'])
  page.resolve({ items: [aTask('a', { revision: 2 }), aTask('b', { revision: 2 }), aTask('gone')], nextCursor: null })
  expect((await loading).tasks).toEqual([aTask('new'), aTask('a', { state: 'ready', revision: 3 }), aTask('b', { revision: 2 })])
})

test('a card that changed is another object, all others stay the same', () => {
  const before = { tasks: [aTask('a'), aTask('b')], isCut: false }
  const after = upsertTask(before, aTask('b', { state: 'done' }))
  expect(after.tasks[0]).toBe(before.tasks[0])
  expect(after.tasks[1]?.state).toBe('done')
  expect(upsertTask(before, aTask('c')).tasks.map(({ id }) => id)).toEqual(['c', 'a', 'b'])
})

test('an open task keeps its texts while they are asked for anew', () => {
  const parts = harness(() => new Promise(() => {}))
  const { queryKey } = parts.queries.task('a')
  parts.queryClient.setQueryData(queryKey, { ...aTask('a'), instruction: 'Paint', context: '', result: null })
  writeTask(parts, aTask('a', { title: 'Boat', revision: 2 }))
  expect(parts.queryClient.getQueryData(queryKey)).toMatchObject({ title: 'Boat', instruction: 'Paint' })
  expect(parts.queryClient.getQueryState(queryKey)?.isInvalidated).toBe(true)
})

test('what needs a person comes into their list and leaves it with its state', () => {
  const failed = aTask('a', { state: 'failed' })
  expect(upsertAttention([], failed)).toEqual([failed])
  expect(upsertAttention([failed], aTask('a', { state: 'missed' })).map(({ state }) => state)).toEqual(['missed'])
  expect(upsertAttention([failed], aTask('a', { state: 'ready' }))).toEqual([])
  const others = [failed]
  expect(upsertAttention(others, aTask('b', { state: 'running' }))).toBe(others)
})

test('while everything is paused it is counted how many tasks wait to start', () => {
  const parts = harness(() => new Promise(() => {}))
  const work = { pausedAt: 1, lockedAt: null, running: 0, waiting: 0, queued: 0, held: 0, ready: 1 }
  const { queryKey } = parts.queries.work()
  parts.queryClient.setQueryData(queryKey, work)
  parts.queryClient.setQueryData(parts.queries.board().queryKey, { tasks: [aTask('a', { state: 'backlog' }), aTask('b', { state: 'ready' })], isCut: false })
  writeTask(parts, aTask('a', { state: 'ready' }))
  expect(parts.queryClient.getQueryData(queryKey)?.ready).toBe(2)
  for (const id of ['a', 'b']) writeTask(parts, aTask(id, { state: 'cancelled' }))
  expect(parts.queryClient.getQueryData(queryKey)?.ready).toBe(0)
  expect(parts.queryClient.getQueryState(queryKey)?.isInvalidated).toBe(false)
  writeTask(parts, aTask('new', { state: 'ready' }))
  expect(parts.queryClient.getQueryState(queryKey)?.isInvalidated).toBe(true)
})

test('a schedule that asks about due times is in the list as long as it asks', () => {
  const asking = aTask('s', { state: 'scheduled', reason: '3 due times went by. Decide whether they are made up for.' })
  expect(upsertAttention([], asking)).toEqual([asking])
  expect(upsertAttention([asking], { ...asking, reason: null })).toEqual([])
})
