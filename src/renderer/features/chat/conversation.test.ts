import { describe, expect, test } from 'vitest'
import type { Entry, EntryPayload, PayloadOf, ToolCall } from '#contract/entries'
import type { Run, RunDetail, Step } from '#contract/runs'
import { anEntry, aRequest, aRun, aStep } from '../../lib/testing/samples'
import { buildRows, type ConversationInput, currentRun, queuedRuns, type Row } from './conversation'
import { displayRows, rowOfEntry } from './display-rows'

const call = (id: string, name = 'write_file'): ToolCall => ({ id, name, arguments: {} })

function says(text: string, toolCalls: ToolCall[] = [], over: Partial<PayloadOf<'assistant_message'>> = {}): EntryPayload {
  return { kind: 'assistant_message', text, thinking: [], toolCalls, model: 'demo/scripted', finishReason: 'stop', ...over }
}

function result(callId: string, outcome: PayloadOf<'tool_result'>['outcome'] = 'success'): EntryPayload {
  return { kind: 'tool_result', callId, toolName: 'write_file', outcome, content: 'ok', durationMs: 1 }
}

function path(...payloads: readonly EntryPayload[]): Entry[] {
  return payloads.map((payload, index) => anEntry(`e${index}`, index === 0 ? null : `e${index - 1}`, payload))
}

function rowsOf(input: Partial<ConversationInput>): readonly Row[] {
  return buildRows({ entries: [], requests: [], run: null, detail: null, ...input })
}

const brief = (rows: readonly Row[]): readonly string[] =>
  rows.map((row) => (row.kind === 'tool' ? `tool ${row.call.id}: ${row.state}` : row.kind))

function detailOf(run: Run, steps: Step[]): RunDetail {
  return { ...run, steps }
}

const running = aRun('r1', { state: 'running' })

test('a turn with tools becomes messages and one row per call', () => {
  const entries = path({ kind: 'user_message', text: 'go' }, says('On it', [call('a'), call('b')]), result('a'), result('b', 'error'), says('Done'))
  expect(brief(rowsOf({ entries }))).toEqual(['user', 'assistant', 'tool a: success', 'tool b: error', 'assistant'])
})

test('a message that only calls tools has no row of its own', () => {
  expect(brief(rowsOf({ entries: path(says('', [call('a')]), result('a')) }))).toEqual(['tool a: success'])
  expect(brief(rowsOf({ entries: path(says('')) }))).toEqual(['assistant'])
})

test('the same call id in a later message is another call', () => {
  const entries = path(says('', [call('a')]), result('a'), says('', [call('a')]), result('a', 'denied'))
  const rows = rowsOf({ entries })
  expect(brief(rows)).toEqual(['tool a: success', 'tool a: denied'])
  expect(new Set(rows.map((row) => row.key)).size).toBe(2)
})

test('an approval is shown at its call', () => {
  const approval = { kind: 'approval', requestId: 'q', callId: 'a', toolName: 'write_file', decision: 'once' } as const
  const [row] = rowsOf({ entries: path(says('', [call('a')]), approval, result('a')) })
  expect(row?.kind === 'tool' && row.approval).toEqual(approval)
})

describe('calls without a result', () => {
  const entries = path(says('', [call('a'), call('b'), call('c')]))

  test('wait, run or are queued while the run works', () => {
    const step = aStep('st', { kind: 'tool', callId: 'b', state: 'intended' })
    const rows = rowsOf({ entries, run: running, detail: detailOf(running, [step]), requests: [aRequest('q', { callId: 'a' })] })
    expect(brief(rows)).toEqual(['tool a: waiting', 'tool b: running', 'tool c: queued'])
    expect(rows.map((row) => row.kind === 'tool' && [row.request?.id, row.step?.id])).toEqual([['q', undefined], [undefined, 'st'], [undefined, undefined]])
  })

  test('were not run when the run is over, and are unknown where the app stopped in the middle', () => {
    const run = aRun('r1', { state: 'interrupted' })
    const step = aStep('st', { kind: 'tool', callId: 'a', state: 'unknown' })
    expect(brief(rowsOf({ entries, run, detail: detailOf(run, [step]) }))).toEqual(['tool a: unknown', 'tool b: not run', 'tool c: not run', 'ended'])
    const asked = aRequest('q', { callId: 'b', kind: 'unknown_outcome' })
    expect(brief(rowsOf({ entries, run, requests: [asked] }))).toEqual(['tool a: not run', 'tool b: unknown', 'tool c: not run', 'ended'])
  })

  test('of an earlier run do not run because a later one does', () => {
    expect(brief(rowsOf({ entries, run: aRun('r2', { state: 'running' }) }))).toEqual(['tool a: not run', 'tool b: not run', 'tool c: not run'])
  })
})

test('an output that was left out of the context is marked, on its own row only', () => {
  const entries = path(says('', [call('a'), call('b')]), result('a'), result('b'), { kind: 'context_discard', entryIds: ['e1'], tokens: 40 })
  const rows = rowsOf({ entries })
  expect(rows.map((row) => (row.kind === 'tool' ? [row.resultEntryId, row.isLeftOut] : row.kind))).toEqual([['e1', true], ['e2', false], 'marker'])
})

test('the place of an entry in the conversation is found by its message, its result or its mark', () => {
  const entries = path({ kind: 'user_message', text: 'go' }, says('', [call('a')]), result('a'), says('Done'), { kind: 'mode_change', from: 'ask', to: 'plan' })
  const rows = rowsOf({ entries })
  expect(['e0', 'e1', 'e2', 'e3', 'e4', 'gone'].map((id) => rowOfEntry(displayRows(rows, null, 0), id))).toEqual([0, 1, 1, 2, 3, -1])
})

test('a request that belongs to no call on this branch is still shown', () => {
  expect(brief(rowsOf({ requests: [aRequest('q', { callId: 'elsewhere' })] }))).toEqual(['request'])
})

describe('the end of the conversation', () => {
  const user = anEntry('u', null)
  const model = aStep('m', { state: 'intended' })

  test('shows the reply that is being written until it is on record', () => {
    expect(brief(rowsOf({ entries: [user], run: running, detail: detailOf(running, [model]) }))).toEqual(['user', 'live'])
    const reply = anEntry('e', 'u', says('Hello'), { stepId: 'm' })
    expect(brief(rowsOf({ entries: [user, reply], run: running, detail: detailOf(running, [model]) }))).toEqual(['user', 'assistant'])
  })

  test('does not show the model call that only shortens the context', () => {
    const summary = aStep('m', { state: 'intended', purpose: 'summary' })
    expect(brief(rowsOf({ entries: [user], run: running, detail: detailOf(running, [summary]) }))).toEqual(['user'])
  })

  test('shows what was written before the app stopped', () => {
    const run = aRun('r1', { state: 'interrupted' })
    const cut = aStep('m', { state: 'interrupted', partialText: 'Half a' })
    expect(rowsOf({ entries: [user], run, detail: detailOf(run, [cut]) }).slice(1)).toEqual([
      { kind: 'partial', key: 'partial m', text: 'Half a' },
      { kind: 'ended', key: 'ended r1', run },
    ])
  })

  test('says once how the newest turn ended, and keeps it on record for earlier ones', () => {
    const run = aRun('r1', { state: 'cancelled' })
    const entries = path({ kind: 'user_message', text: 'go' }, { kind: 'run_ended', state: 'cancelled' })
    expect(brief(rowsOf({ entries, run }))).toEqual(['user', 'ended'])
    expect(brief(rowsOf({ entries, run: aRun('r2', { state: 'failed' }) }))).toEqual(['user', 'marker', 'ended'])
    expect(brief(rowsOf({ entries, run: aRun('r1', { state: 'running' }) }))).toEqual(['user', 'marker'])
  })

  test('offers to ask again for the newest answer only', () => {
    const run = aRun('r1')
    const rows = rowsOf({ entries: path({ kind: 'user_message', text: 'go' }, says('One', [call('a')]), result('a'), says('Two')), run })
    expect(rows.map((row) => (row.kind === 'assistant' ? row.retryRunId : undefined))).toEqual([undefined, null, undefined, 'r1'])
  })

  test('goes on offering that when only the mode or what the model sees was changed since', () => {
    const entries = path({ kind: 'user_message', text: 'go' }, says('One'), { kind: 'context_discard', entryIds: ['e1'], tokens: 9 }, { kind: 'mode_change', from: 'ask', to: 'plan' })
    expect(rowsOf({ entries, run: aRun('r1') }).map((row) => (row.kind === 'assistant' ? row.retryRunId : row.kind))).toEqual(['user', 'r1', 'marker', 'marker'])
  })
})

test('the run of a branch is the one that works, else the newest that started', () => {
  const runs = [
    aRun('new', { createdAt: 3, headId: 'h2' }), aRun('queued', { createdAt: 5, state: 'queued' }),
    aRun('late', { createdAt: 2 }), aRun('early', { createdAt: 1 }),
  ]
  expect(currentRun(runs, 'h1')?.id).toBe('late')
  expect(currentRun([...runs, aRun('works', { createdAt: 0, state: 'waiting' })], 'h1')?.id).toBe('works')
  expect(currentRun(runs, 'h3')).toBeNull()
})

test('a message that was taken out of the queue is no turn, one that failed before it started is', () => {
  const runs = [aRun('done', { createdAt: 1 }), aRun('removed', { createdAt: 2, state: 'cancelled', startedAt: null })]
  expect(currentRun(runs, 'h1')?.id).toBe('done')
  expect(currentRun([...runs, aRun('no model', { createdAt: 3, state: 'failed', startedAt: null })], 'h1')?.id).toBe('no model')
})

test('queued messages are listed in the order they will run', () => {
  const runs = [aRun('b', { state: 'queued', order: 2 }), aRun('done', {}), aRun('a', { state: 'queued', order: 1 })]
  expect(queuedRuns(runs).map((run) => run.id)).toEqual(['a', 'b'])
})
