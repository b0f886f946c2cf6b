import { expect, test } from 'vitest'
import type { Entry, PayloadOf } from '#contract/entries'
import { TripwireSettingsSchema } from '#contract/guardrails'
import { trippedBy } from './tripwires'

const settings = TripwireSettingsSchema.parse({ callsPerMinute: 300, refusedInARow: 5 })
const entry = (payload: Entry['payload'], at: number): Entry => ({ id: `e${at}`, sessionId: 's', parentId: null, runId: 'r', stepId: null, at, payload })
const result = (toolName: string, outcome: PayloadOf<'tool_result'>['outcome'], at: number) => entry({ kind: 'tool_result', callId: 'c', toolName, outcome, content: '', durationMs: 0 }, at)
const many = (count: number, everyMs: number, toolName = 'read_file', outcome: PayloadOf<'tool_result'>['outcome'] = 'success') => Array.from({ length: count }, (_, index) => result(toolName, outcome, index * everyMs))
const name = (path: readonly Entry[], usual: readonly number[] = [], given = settings) => trippedBy(path, 'r', given, () => usual)?.name ?? null

test('work as usual trips nothing', () => {
  expect(name(many(300, 100))).toBeNull()
  expect(name(many(5000, 250))).toBeNull()
  expect(name([])).toBeNull()
})

test('too many calls, deletions, refusals and failures are told apart', () => {
  expect(name(many(301, 100))).toBe('callsPerMinute')
  expect(name(many(21, 100, 'delete_file'))).toBe('deletesPerMinute')
  expect(name(many(21, 10_000, 'delete_file'))).toBeNull()
  expect(name(many(5, 60_000, 'write_file', 'denied'))).toBe('refusedInARow')
  expect(name([...many(4, 1, 'write_file', 'denied'), result('read_file', 'success', 9), result('write_file', 'denied', 10)])).toBeNull()
  expect(name(many(15, 60_000, 'write_file', 'error'))).toBe('failedInARow')
})

test('what a script called counts like what the model called, however the script itself ended', () => {
  const script = (count: number, outcome: PayloadOf<'tool_result'>['outcome'], tool = 'write_file') => entry({
    kind: 'tool_result', callId: 'c', toolName: 'run_script', outcome: 'success', content: '', durationMs: 0,
    details: { kind: 'script', calls: Array.from({ length: count }, () => ({ function: 'createFile', tool, outcome, says: '', durationMs: 0, paths: [] })) },
  }, 1)
  expect(name([script(5, 'denied')])).toBe('refusedInARow')
  expect(name([script(4, 'denied')])).toBeNull()
  expect(name([...many(2, 1, 'write_file', 'denied'), script(3, 'denied')])).toBe('refusedInARow')
  expect(name(Array.from({ length: 4 }, () => script(100, 'success', 'read_file')))).toBe('callsPerMinute')
  expect(name([script(5, 'denied'), script(0, 'success')])).toBeNull()
})

test('a limit that is left empty does not count', () => {
  expect(name(many(301, 100), [], { ...settings, callsPerMinute: null })).toBeNull()
})

test('far above what is usual in the folder, once enough is known', () => {
  const quiet = [4, 5, 6, 4, 5, 6, 4, 5, 6, 5]
  expect(name(many(60, 100), quiet)).toBe('unusual')
  expect(name(many(60, 100), quiet.slice(1))).toBeNull()
  expect(name(many(60, 100), quiet.map((count) => count * 10))).toBeNull()
  expect(name(many(29, 100), quiet)).toBeNull()
  expect(name(many(60, 100), quiet, { ...settings, unusual: null })).toBeNull()
})

test('what was told of once does not count again', () => {
  const told = entry({ kind: 'guardrail', rail: 'refusedInARow', entryId: 'e', on: 'run', why: '', outcome: 'allowed' }, 50)
  expect(name([...many(5, 1, 'w', 'denied'), told, ...many(4, 1, 'w', 'denied')])).toBeNull()
  expect(name([...many(5, 1, 'w', 'denied'), told, ...many(5, 1, 'w', 'denied')])).toBe('refusedInARow')
})
