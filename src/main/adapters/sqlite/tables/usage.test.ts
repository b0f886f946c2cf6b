import { expect, test } from 'vitest'
import { createManualClock } from '../../../../testing/manual-clock'
import { openMemoryStore } from '../memory-store'

const usage = (total: number, estimated = false) => ({ inputTokens: total - 1, outputTokens: 1, cachedTokens: 0, totalTokens: total, estimated })

test('what model calls used is summed by span, model and session', () => {
  const store = openMemoryStore({ clock: createManualClock() })
  const head = { id: 'h', entryId: null, createdAt: 1 }
  for (const id of ['s1', 's2']) {
    store.sessions.insert({ id, workspaceId: null, title: `Session ${id}`, model: null, mode: 'ask', createdAt: 1, head: { ...head, id: `h-${id}` } })
    store.runs.insert({ id: `r-${id}`, sessionId: id, headId: `h-${id}`, text: 'x', model: 'm', mode: 'ask', createdAt: 1, attachments: [] })
  }
  const call = (id: string, sessionId: string, name: string, endedAt: number, tokens: number, costUsd: number | null, estimated = false): void => {
    store.steps.insert({ step: { id, runId: `r-${sessionId}`, sessionId, kind: 'model', name, purpose: 'turn', callId: null, startedAt: 1 }, repeatable: true, fingerprint: undefined })
    store.steps.finish(id, { state: 'completed', entryId: null, endedAt, usage: usage(tokens, estimated), costUsd, error: null })
  }
  call('a', 's1', 'p/one', 10, 100, 0.5)
  call('b', 's1', 'p/two', 19, 50, null, true)
  call('c', 's2', 'p/one', 20, 10, 0.25)
  call('d', 's2', 'p/one', 30, 999, 9)

  const sum = { unpriced: 0, cachedTokens: 0, estimated: false, calls: 1, outputTokens: 1 }
  expect(store.usage.byDayAndModel([{ from: 10, until: 20 }, { from: 20, until: 30 }], null)).toEqual([
    { ...sum, day: 0, model: 'p/one', inputTokens: 99, totalTokens: 100, costUsd: 0.5 },
    { ...sum, day: 0, model: 'p/two', inputTokens: 49, totalTokens: 50, costUsd: 0, unpriced: 1, estimated: true },
    { ...sum, day: 1, model: 'p/one', inputTokens: 9, totalTokens: 10, costUsd: 0.25 },
  ])
  expect(store.usage.bySession(10, 30, null).map(({ sessionId, title, costUsd, calls }) => [sessionId, title, costUsd, calls])).toEqual([['s1', 'Session s1', 0.5, 2], ['s2', 'Session s2', 0.25, 1]])
  store.agents.insert({
    sessionId: 's2', level: 'child', template: 'reviewer', depth: 1, runId: null, parentSessionId: null, parentRunId: null, callKey: null, callId: null,
    instruction: 'x', limits: { maxSteps: null, maxMinutes: null, maxTokens: null, maxCostUsd: null }, handedOverAt: null, createdAt: 1,
  })
  expect(store.usage.byAgent(10, 30, null).map(({ agent, costUsd, calls }) => [agent, costUsd, calls])).toEqual([[null, 0.5, 2], ['reviewer', 0.25, 1]])
  expect(store.usage.byDayAndModel([{ from: 10, until: 30 }], 's2')).toHaveLength(1)
})
