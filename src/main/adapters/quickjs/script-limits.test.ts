import { expect, it } from 'vitest'
import { scriptLimits } from '#core/scripts/limits'
import { run as attacked } from './testing/run-script'

const quick = { calculatingMs: 100 }

it.each([
  ['an endless loop', 'while (true) {}'],
  ['an endless loop that catches all', 'for (;;) { try { while (true) {} } catch {} }'],
  ['an endless chain of promises', 'const again = () => Promise.resolve().then(again); await again(); await new Promise(() => {})'],
  ['an endless loop of awaits', 'for (;;) { try { await null } catch {} }'],
  ['a loop behind a call', 'await addMemory("x"); while (true) {}'],
  ['a getter without an end', 'throw { get message() { while (true) {} }, toJSON() { while (true) {} } }'],
  ['an expression without an end', '/^(a+)+$/.test("a".repeat(40) + "b"); while (true) {}'],
] as const)('%s is stopped when its time is up', async (_name, source) => {
  expect(await attacked(source, { limits: quick })).toMatchObject({ end: { end: 'stopped', message: expect.stringContaining('0.1 seconds') } })
})

it('time waiting for a call is not time of calculating', async () => {
  const { end } = await attacked('await addMemory("x"); return 1', { limits: { calculatingMs: 250 }, call: () => new Promise((resolve) => setTimeout(() => resolve('ok'), 500)) })
  expect(end).toEqual({ end: 'returned', value: '1' })
})

it.each([
  ['recursion', 'const deep = () => deep() + 1; return deep()'],
  ['recursion of JSON', 'let deep = []; for (let index = 0; index < 100000; index += 1) deep = [deep]; return deep'],
  ['recursion of promises', 'const deep = async () => { await deep() }; await deep()'],
  ['a list that grows', 'const list = []; for (;;) list.push({ list })'],
  ['work without a pause', 'const list = []; for (;;) list.push("x".repeat(1e6) + list.length)'],
  ['a giant text', 'return "x".repeat(1e9)'],
  ['a giant buffer', 'return new Uint8Array(4e9).length'],
  ['a giant list', 'return new Array(1e9).fill("x")'],
] as const)('%s ends the script and nothing else', async (_name, source) => {
  const { end } = await attacked(source, { limits: { calculatingMs: 250 } })
  expect(end.end).not.toBe('returned')
})

it('a promise that never settles ends the script at once', async () => {
  const { end } = await attacked('await new Promise(() => {})')
  expect(end).toEqual({ end: 'stopped', message: 'The script was stopped: it waits for something that never comes.' })
})

it('a million calls are a hundred', async () => {
  const { end, calls } = await attacked('for (let index = 0; index < 1e6; index += 1) void addMemory("x" + index)')
  expect(end).toMatchObject({ end: 'stopped', message: expect.stringContaining('more than 100 calls') })
  expect(calls).toHaveLength(scriptLimits.calls)
})
