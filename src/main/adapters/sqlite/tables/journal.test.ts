import { expect, it } from 'vitest'
import { createManualClock } from '../../../../testing/manual-clock'
import type { EntryPayload } from '#contract/entries'
import { openMemoryStore } from '../memory-store'
import { at, entrySample, sessionSample } from '../testing/samples'

function open() {
  const store = openMemoryStore({ clock: createManualClock(at), newId: () => 'id' })
  store.sessions.insert(sessionSample('s1'))
  return store
}

const ids = (entries: readonly { id: string }[]) => entries.map(({ id }) => id)

it('gives every kind of entry back as it was written', () => {
  const store = open()
  const payloads: EntryPayload[] = [
    { kind: 'user_message', text: 'Do it 🦊 "now"\n\u0000' },
    { kind: 'assistant_message', text: '', thinking: [{ text: 'hm', signature: 'x' }], toolCalls: [{ id: 'c', name: 'glob', arguments: { pattern: '*' } }], model: 'a/b', finishReason: 'tool_calls' },
    { kind: 'tool_result', callId: 'c', toolName: 'glob', outcome: 'success', content: 'a', details: { kind: 'matches', count: 1, truncated: false }, durationMs: 3 },
    { kind: 'approval', requestId: 'q', callId: 'c', toolName: 'glob', decision: 'once' },
    { kind: 'summary', text: 'short', untilEntryId: 'e1', keptEntryIds: [], tokensBefore: 9, tokensAfter: 1 },
    { kind: 'context_discard', entryIds: ['e3'], tokens: 5 },
    { kind: 'run_ended', state: 'failed', error: { code: 'NO_CREDITS', message: 'none', retryable: false } },
    { kind: 'mode_change', from: 'ask', to: 'plan' },
    { kind: 'model_change', from: null, to: 'a/b' },
  ]
  const entries = payloads.map((payload, index) => entrySample(`e${index}`, index === 0 ? null : `e${index - 1}`, { payload, runId: index % 2 ? 'r1' : null, stepId: index % 3 ? 't1' : null, at: at + index }))
  for (const entry of entries) store.journal.append(entry, 's1-head')
  expect(store.journal.path('e8')).toEqual(entries)
  expect(store.journal.get('e2')).toEqual(entries[2])
  expect(store.journal.get('nope')).toBeNull()
  expect(store.journal.path('nope')).toEqual([])
  expect(store.sessions.get('s1')?.heads).toEqual([{ id: 's1-head', entryId: 'e8', createdAt: at }])
})

it('follows each branch of a forked tree to the root, newest entries first to be kept', () => {
  const store = open()
  for (const [id, parent] of [['a', null], ['b', 'a'], ['c', 'b']] as const) store.journal.append(entrySample(id, parent), 's1-head')
  store.sessions.insertHead('s1', { id: 'fork', entryId: 'a', createdAt: at })
  store.sessions.insertHead('s1', { id: 'anew', entryId: null, createdAt: at })
  for (const [id, parent] of [['x', 'a'], ['y', 'x']] as const) store.journal.append(entrySample(id, parent), 'fork')
  store.journal.append(entrySample('z', null), 'anew')
  store.journal.append(entrySample('d', 'c'), 's1-head')
  expect([ids(store.journal.path('d')), ids(store.journal.path('y')), ids(store.journal.path('z')), ids(store.journal.path('b'))])
    .toEqual([['a', 'b', 'c', 'd'], ['a', 'x', 'y'], ['z'], ['a', 'b']])
  expect([ids(store.journal.path('d', 2)), ids(store.journal.path('d', 9)), ids(store.journal.path('d', 0))]).toEqual([['c', 'd'], ['a', 'b', 'c', 'd'], []])
  expect(store.sessions.get('s1')?.heads.map(({ id, entryId }) => [id, entryId])).toEqual([['s1-head', 'd'], ['fork', 'y'], ['anew', 'z']])
})

it('refuses an entry that does not continue its head, or that exists, and then keeps the head where it was', () => {
  const store = open()
  store.sessions.insert(sessionSample('s2'))
  store.journal.append(entrySample('a', null), 's1-head')
  expect(() => store.journal.append(entrySample('b', null), 's1-head')).toThrow('not at entry')
  expect(() => store.journal.append(entrySample('b', 'nope'), 's1-head')).toThrow('not at entry')
  expect(() => store.journal.append(entrySample('b', 'a'), 'no-head')).toThrow('not at entry')
  expect(() => store.journal.append(entrySample('b', null), 's2-head')).toThrow('not at entry')
  expect(() => store.journal.append(entrySample('a', 'a'), 's1-head')).toThrow('UNIQUE')
  expect(store.sessions.get('s1')?.heads[0]?.entryId).toBe('a')
  expect(ids(store.journal.path('a'))).toEqual(['a'])
})

it('reads a path of 10,000 entries in a fraction of a second', () => {
  const store = open()
  store.transaction(() => {
    for (let index = 0; index < 10_000; index += 1) store.journal.append(entrySample(`e${index}`, index === 0 ? null : `e${index - 1}`), 's1-head')
  })
  const started = performance.now()
  const path = store.journal.path('e9999')
  const took = performance.now() - started
  expect(ids(path)).toEqual(Array.from({ length: 10_000 }, (_, index) => `e${index}`))
  expect(took).toBeLessThan(500)
})
