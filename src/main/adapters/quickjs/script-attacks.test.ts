import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AppError } from '#core/errors'
import { run as attacked } from './testing/run-script'

it('arguments, results, output and errors are bounded', async () => {
  const limits = { argumentChars: 1000, resultChars: 1000, outputChars: 1000 }
  expect(await attacked('try { await addMemory("x".repeat(2000)) } catch (error) { return error.message }', { limits })).toMatchObject({ end: { end: 'returned', value: expect.stringContaining('longer than 1000 characters') }, calls: [] })
  expect(await attacked('return "x".repeat(2000)', { limits })).toMatchObject({ end: { end: 'threw', message: expect.stringContaining('longer than 1000 characters') } })
  expect(await attacked('throw "x".repeat(2000)', { limits })).toMatchObject({ end: { end: 'threw', message: 'an error too long to be shown' } })
  const { output } = await attacked('for (let index = 0; index < 1e4; index += 1) console.log("x".repeat(99))', { limits })
  expect(output.length).toBeLessThan(1100)
  expect(output).toContain('[More output was left out]')
})

it.each([
  'return typeof require + typeof process + typeof fetch + typeof Worker + typeof setTimeout + typeof importScripts + typeof WebAssembly + typeof Buffer',
  'return typeof constructor.constructor("return this")().process + "undefined".repeat(7)',
  'return String(await (async () => {}).constructor("return typeof process + typeof require")())',
])('nothing of the host is there', async (source) => {
  expect((await attacked(source)).end).toMatchObject({ end: 'returned', value: expect.not.stringMatching(/object|"function/) })
})

it.each(['return process.env', 'return addMemory.constructor.constructor("return process")()', 'return (await import("node:fs")).readFileSync("/etc/passwd")', 'return globalThis.constructor.constructor("return process.exit(1)")()', 'await deleteEverything()', 'return eval("require")("fs")'])('reaching out fails: %s', async (source) => {
  expect((await attacked(source)).end.end).toBe('threw')
})

it('what crosses the border is plain JSON, whatever the script does to its objects', async () => {
  const { calls } = await attacked(`
    const trap = new Proxy({}, { get: (_target, key) => key === 'toJSON' ? () => ({ trapped: true }) : undefined, ownKeys: () => [] })
    Object.prototype.polluted = 'here'
    Array.prototype.toJSON = undefined
    await addMemory(JSON.parse('{"__proto__": {"admin": true}}'))
    await addMemory(trap)
    await addMemory({ get secret() { return 'read' }, toString() { return 'no' }, [Symbol.toPrimitive]: () => 'no', method() {} })
    await addMemory({ toJSON: () => 'from toJSON' })
    await addMemory(new Date(0), undefined, NaN, -0)
    JSON.stringify = () => 'not json at all'
    Promise.prototype.then = () => { throw new Error('broken') }
    await addMemory('still fine')
  `)
  expect(calls.slice(1)).toEqual([
    ['addMemory', { trapped: true }], ['addMemory', { secret: 'read' }], ['addMemory', 'from toJSON'], ['addMemory', '1970-01-01T00:00:00.000Z', null, null, 0], ['addMemory', 'still fine'],
  ])
  const [first] = calls
  expect(JSON.stringify(first)).toBe('["addMemory",{"__proto__":{"admin":true}}]')
  expect((first?.[1] as { admin?: boolean }).admin).toBeUndefined()
  expect(({} as { polluted?: string }).polluted).toBeUndefined()
})

it('what a call has too much of, or cannot be given, is an error inside', async () => {
  const { end } = await attacked(`
    const errors = []
    const loop = {}; loop.loop = loop
    for (const given of [loop, 10n, { get bad() { throw new Error('bad getter') } }, { toJSON() { throw 1 } }]) await addMemory(given).catch((error) => errors.push(String(error)))
    return errors.length`)
  expect(end).toEqual({ end: 'returned', value: '4' })
})

it.each([
  ['throw null', 'null'], ['throw undefined', 'undefined'], ['throw Symbol("x")', 'Symbol(x)'], ['throw { a: 1 }', '{"a":1}'], ['throw 7', '7'], ['throw new TypeError("no")', 'TypeError: no'],
  ['const e = new Error("x"); Object.defineProperty(e, "message", { get() { throw e } }); throw e', 'something that cannot be shown'], ['this is no script', expect.stringContaining('SyntaxError')],
  ['return 10n', expect.stringContaining('what it returns is not JSON')], ['throw Object.create(null)', '{}'],
])('whatever is thrown is told: %s', async (source, message) => {
  expect((await attacked(source)).end).toEqual({ end: 'threw', message })
})

it('errors of calls reach the script as words, and can be caught', async () => {
  const { end } = await attacked('try { await addMemory("x") } catch (error) { return [error instanceof Error, error.message, Object.keys(error).length <= 1] }', { call: () => Promise.reject(new AppError('PERMISSION_DENIED', 'Plan mode is read-only.', { data: { secret: 1 } })) })
  expect(end).toEqual({ end: 'returned', value: '[true,"Plan mode is read-only.",true]' })
})

it('binary junk comes out as text', async () => {
  const { output, end } = await attacked('console.log(String.fromCharCode(0, 1, 0xd800, 0xdfff, 0xffff) + "\\u001b[31mred"); return "\\ud800"')
  expect(Buffer.from(output).toString()).toBe(output)
  expect(end.end).toBe('returned')
})

it('two at once share nothing, and one that is cancelled ends at once', async () => {
  const stop = new AbortController()
  const both = Promise.all([attacked('globalThis.mine = 1; await addMemory("x"); return typeof other', { call: () => Promise.resolve(null) }), attacked('globalThis.other = 1; await addMemory("x"); return typeof mine', { call: () => Promise.resolve(null) })])
  expect((await both).map(({ end }) => end)).toEqual([{ end: 'returned', value: '"undefined"' }, { end: 'returned', value: '"undefined"' }])
  const stopped = attacked('await addMemory("x"); await addMemory("after")', { signal: stop.signal, call: () => { stop.abort(new Error('stopped by a person')); return Promise.resolve(null) } })
  await expect(stopped).rejects.toThrow('stopped by a person')
})

it('nothing of a script goes on after its end', async () => {
  const seen: string[] = []
  const { end } = await attacked(`
    const later = async () => { for (;;) { await addMemory('again') } }
    void later()
    await addMemory('first')
    return 'done'`, { call: async (_name, given) => { seen.push(String(given[0])); return null } })
  expect(end).toEqual({ end: 'returned', value: '"done"' })
  const then = seen.length
  await attacked('return 1')
  expect(seen.length).toBe(then)
})

it('any JSON goes through and comes back as it is', async () => {
  // `__proto__` as a key is kept as data by JSON and by nobody else.
  await fc.assert(fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 4 }), fc.jsonValue(), async (given, value) => {
    const [sent, back] = [JSON.stringify(given), JSON.stringify(value)]
    const { calls, end } = await attacked(`return await addMemory(...JSON.parse(${JSON.stringify(sent)}))`, { call: () => Promise.resolve(JSON.parse(back)) })
    expect(JSON.stringify(calls)).toBe(JSON.stringify([['addMemory', ...(JSON.parse(sent) as unknown[])]]))
    expect(end).toEqual({ end: 'returned', value: back })
  }), { numRuns: 6 })
})
