import { expect, test } from 'vitest'
import type { Entry } from '#contract/entries'
import { appendEntry, mergeRun, removeSession, upsertOpenRequest, upsertRun, upsertSession, upsertStep } from './cached-lists'
import { anEntry, aRequest, aRun, aSession, aStep } from './testing/samples'

const paged = <T,>(...pages: readonly (readonly T[])[]) => ({
  pages: pages.map((items, index) => ({ items: [...items], nextCursor: index === pages.length - 1 ? null : `c${index}` })),
  pageParams: pages.map((_page, index) => (index === 0 ? undefined : `c${index - 1}`)),
})
const ids = (data: { readonly pages: readonly { readonly items: readonly { readonly id: string }[] }[] }) =>
  data.pages.map((page) => page.items.map((item) => item.id))

test('a session moves to the place of its last activity, over pages', () => {
  const data = paged([aSession('a', 90), aSession('b', 80)], [aSession('c', 70), aSession('d', 60)])
  expect(ids(upsertSession(data, aSession('d', 100), true))).toEqual([['d', 'a', 'b'], ['c']])
  expect(ids(upsertSession(data, aSession('new', 65), true))).toEqual([['a', 'b'], ['c', 'new', 'd']])
  expect(ids(upsertSession(data, aSession('a', 1), true))).toEqual([['b'], ['c', 'd', 'a']])
})

test('a session older than all loaded pages is left to the page it belongs to', () => {
  const data = { ...paged([aSession('a', 90)]), pages: [{ items: [aSession('a', 90)], nextCursor: 'more' }] }
  expect(ids(upsertSession(data, aSession('old', 1), true))).toEqual([['a']])
})

test('a session that left the list is taken out, wherever it is', () => {
  const data = paged([aSession('a', 90)], [aSession('b', 80)])
  expect(ids(upsertSession(data, aSession('b', 99), false))).toEqual([['a'], []])
  expect(ids(removeSession(data, 'a'))).toEqual([[], ['b']])
})

test('an entry is appended to the newest page when it follows', () => {
  const data = paged<Entry>([anEntry('e3', 'e2')], [anEntry('e1', null), anEntry('e2', 'e1')])
  const next = appendEntry(data, anEntry('e4', 'e3'))
  expect(next && ids(next)).toEqual([['e3', 'e4'], ['e1', 'e2']])
})

test('an entry that is there already changes nothing, one that does not follow asks for a reload', () => {
  const data = paged<Entry>([anEntry('e1', null)])
  expect(appendEntry(data, anEntry('e1', null))).toBe(data)
  expect(appendEntry(data, anEntry('e9', 'e8'))).toBeNull()
  const first = appendEntry(paged<Entry>([]), anEntry('e1', null))
  expect(first && ids(first)).toEqual([['e1']])
})

test('runs stay newest first, bounded, and unfinished ones are never dropped', () => {
  const queued = aRun('old', { createdAt: 1, state: 'queued' })
  const runs = [aRun('b', { createdAt: 3 }), aRun('a', { createdAt: 2 }), queued]
  expect(upsertRun(runs, aRun('c', { createdAt: 4 }), 2).map((run) => run.id)).toEqual(['c', 'b', 'old'])
  expect(upsertRun(runs, aRun('a', { createdAt: 2, state: 'failed' })).map((run) => [run.id, run.state])).toEqual([
    ['b', 'completed'], ['a', 'failed'], ['old', 'queued'],
  ])
})

test('a run update keeps the steps that are known', () => {
  const step = aStep('s1', { number: 1 })
  const { steps: _count, ...rest } = aRun('r', { state: 'running' })
  expect(mergeRun({ ...rest, steps: [step] }, aRun('r', { state: 'completed' }))).toEqual({ ...rest, state: 'completed', steps: [step] })
})

test('steps stay in order, and arguments that events leave out are kept', () => {
  const { steps: _count, ...rest } = aRun('r', {})
  const detail = { ...rest, steps: [aStep('s2', { number: 2, arguments: { path: 'a' } })] }
  const merged = upsertStep(upsertStep(detail, aStep('s1', { number: 1 })), aStep('s2', { number: 2, state: 'failed' }))
  expect(merged.steps.map((step) => [step.id, step.state, step.arguments])).toEqual([
    ['s1', 'completed', undefined], ['s2', 'failed', { path: 'a' }],
  ])
})

test('the inbox holds open requests only, in the order they came', () => {
  const items = [aRequest('a'), aRequest('b')]
  expect(upsertOpenRequest(items, aRequest('c')).map((item) => item.id)).toEqual(['a', 'b', 'c'])
  expect(upsertOpenRequest(items, aRequest('a', { title: 'new' })).map((item) => item.title)).toEqual(['new', 'May it?'])
  expect(upsertOpenRequest(items, aRequest('a', { status: 'answered' })).map((item) => item.id)).toEqual(['b'])
})
