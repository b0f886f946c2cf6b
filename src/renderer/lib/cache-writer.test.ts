import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import type { EventEnvelope, EventPayload, Topic } from '#contract/events'
import { SettingsSchema } from '#contract/settings'
import { createCacheWriter } from './cache-writer'
import { createClient, createQueryUtils } from './client'
import { createDeltaStore } from './delta-store'
import { createQueries } from './queries'
import { deferred } from './testing/deferred'
import { anEntry, aRequest, aRun, aSession, aStep } from './testing/samples'

function harness(answer: (path: readonly string[]) => unknown = () => { throw new Error('not asked') }) {
  const asked: string[] = []
  const client = createClient({
    link: {
      call: async (path) => {
        asked.push(path.join('.'))
        return answer(path)
      },
    },
  })
  const orpc = createQueryUtils(client)
  const queries = createQueries(orpc)
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })
  const deltas = createDeltaStore({ schedule: (flush) => flush() })
  const cache = createCacheWriter({ queryClient, orpc, queries, deltas })
  const tell = <T extends Topic>(topic: T, payload: EventPayload<T>) =>
    cache.apply({ topic, payload, seq: 1, at: 0, sessionId: null, runId: null, traceId: 't' } as EventEnvelope)
  return { asked, queries, orpc, queryClient, deltas, cache, tell }
}

test('a session that changed is the same everywhere it is shown', () => {
  const { queries, queryClient, tell } = harness()
  const empty = { pages: [{ items: [], nextCursor: null }], pageParams: [undefined] }
  queryClient.setQueryData(queries.sessions('active').queryKey, { pages: [{ items: [aSession('a', 5)], nextCursor: null }], pageParams: [undefined] })
  queryClient.setQueryData(queries.sessions('archived').queryKey, empty)
  const archived = aSession('a', 9, { archived: true })
  tell('session.update', { session: archived })
  expect(queryClient.getQueryData(queries.session('a').queryKey)).toEqual(archived)
  expect(queryClient.getQueryData(queries.sessions('active').queryKey)?.pages).toEqual([{ items: [], nextCursor: null }])
  expect(queryClient.getQueryData(queries.sessions('archived').queryKey)?.pages).toEqual([{ items: [archived], nextCursor: null }])
})

test('nothing is made up for what was never loaded', () => {
  const { queries, queryClient, tell } = harness()
  tell('session.entry', { entry: anEntry('e1', null), headId: 'h1' })
  tell('run.update', { run: aRun('r1') })
  tell('step.update', { step: aStep('st') })
  tell('human.request', { request: aRequest('q') })
  expect(queryClient.getQueryData(queries.entries('s1', 'h1').queryKey)).toBeUndefined()
  expect(queryClient.getQueryData(queries.runs('s1').queryKey)).toBeUndefined()
  expect(queryClient.getQueryData(queries.run('r1').queryKey)).toBeUndefined()
  expect(queryClient.getQueryData(queries.openRequests().queryKey)).toBeUndefined()
})

test('an entry reaches its branch only, and ends the live text of its step', () => {
  const { queries, queryClient, deltas, tell } = harness()
  const page = () => ({ pages: [{ items: [anEntry('e1', null)], nextCursor: null }], pageParams: [undefined] })
  queryClient.setQueryData(queries.entries('s1', 'h1').queryKey, page())
  queryClient.setQueryData(queries.entries('s1', 'h2').queryKey, page())
  tell('agent.token', { stepId: 'st', offset: 0, delta: 'Hel', kind: 'text' })
  expect(deltas.get('st', 'text').text).toBe('Hel')
  const payload = { kind: 'assistant_message', text: 'Hello', thinking: [], toolCalls: [], model: 'm/x', finishReason: 'stop' } as const
  const reply = anEntry('e2', 'e1', { ...payload, thinking: [], toolCalls: [] }, { stepId: 'st' })
  tell('session.entry', { entry: reply, headId: 'h1' })
  expect(queryClient.getQueryData(queries.entries('s1', 'h1').queryKey)?.pages[0]?.items).toEqual([anEntry('e1', null), reply])
  expect(queryClient.getQueryData(queries.entries('s1', 'h2').queryKey)).toEqual(page())
  expect(deltas.get('st', 'text').text).toBe('')
})

test('an answer that was on its way when an event came is asked for again', async () => {
  const stale = deferred<unknown>()
  const { asked, queries, queryClient, tell } = harness(() =>
    asked.length === 1 ? stale.promise : { items: [aRequest('q')], nextCursor: null })
  const fresh = deferred<unknown>()
  const observer = new QueryObserver(queryClient, queries.openRequests())
  const stop = observer.subscribe(({ data }) => data !== undefined && fresh.resolve(data))
  tell('human.request', { request: aRequest('q') })
  stale.resolve({ items: [], nextCursor: null })
  expect(await fresh.promise).toEqual({ items: [aRequest('q')], nextCursor: null })
  expect(asked).toEqual(['humanRequests.list', 'humanRequests.list'])
  stop()
})

test('settings that were on their way when they were changed are asked for again', async () => {
  const [stale, changed] = [SettingsSchema.parse({ theme: 'light' }), SettingsSchema.parse({ theme: 'dark' })]
  const first = deferred<unknown>()
  const { asked, queries, queryClient, tell } = harness(() => (asked.length === 1 ? first.promise : changed))
  const stop = new QueryObserver(queryClient, queries.settings()).subscribe(() => undefined)
  tell('settings.update', { settings: changed })
  first.resolve(stale)
  await vi.waitFor(() => expect(asked).toEqual(['settings.get', 'settings.get']))
  await vi.waitFor(() => expect(queryClient.isFetching()).toBe(0))
  expect(queryClient.getQueryData(queries.settings().queryKey)?.theme).toBe('dark')
  stop()
})

test('what the model is sent is asked for again when an output was left out of it', async () => {
  const context = { model: null, contextWindow: null, estimated: true, totalTokens: 900, parts: [], sources: [] }
  const { asked, queries, queryClient, tell } = harness(() => ({ ...context, totalTokens: 20 }))
  queryClient.setQueryData(queries.context('s1').queryKey, context)
  const fresh = deferred<number>()
  const observer = new QueryObserver(queryClient, queries.context('s1'))
  const stop = observer.subscribe(({ data }) => data?.totalTokens === 20 && fresh.resolve(data.totalTokens))
  tell('session.entry', { entry: anEntry('e2', 'e1', { kind: 'context_discard', entryIds: ['e1'], tokens: 880 }), headId: 'h1' })
  expect(await fresh.promise).toBe(20)
  expect(asked).toEqual(['sessions.context'])
  stop()
})

test('what was used is counted anew when a turn has ended', async () => {
  const { asked, orpc, queryClient, tell } = harness(() => ({}))
  const leave = new QueryObserver(queryClient, orpc.usage.get.queryOptions({ input: { days: 7, timeZone: 'UTC' } })).subscribe(() => undefined)
  await vi.waitFor(() => expect(queryClient.isFetching()).toBe(0))
  tell('run.update', { run: { ...aRun('r1'), endedAt: null } })
  expect(asked).toEqual(['usage.get'])
  tell('run.update', { run: { ...aRun('r1'), endedAt: 5 } })
  await vi.waitFor(() => expect(asked).toEqual(['usage.get', 'usage.get']))
  leave()
})

test('a decided request leaves the inbox, a notice comes once', () => {
  const { queries, queryClient, tell } = harness()
  queryClient.setQueryData(queries.openRequests().queryKey, { items: [aRequest('a'), aRequest('b')], nextCursor: null })
  tell('human.request', { request: aRequest('a', { status: 'answered' }) })
  expect(queryClient.getQueryData(queries.openRequests().queryKey)?.items.map((item) => item.id)).toEqual(['b'])
  const info = { version: '1', host: 'headless', platform: 'linux', folderPicker: false, restart: false, secrets: 'session', notices: [] } as const
  queryClient.setQueryData(queries.system().queryKey, { ...info, notices: [] })
  const notice = { id: 'n', level: 'warning', text: 'restored' } as const
  tell('system.notice', notice)
  tell('system.notice', notice)
  expect(queryClient.getQueryData(queries.system().queryKey)?.notices).toEqual([notice])
})
