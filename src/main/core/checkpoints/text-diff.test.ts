import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applyHunks, countLines, hunksBetween, toText } from './text-diff'

const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'long line\n'), { maxLength: 40 }).chain((lines) => fc.constantFrom('', 'no end').map((end) => lines.join('') + end))

it('has hunks that together make the other text, and none that make the same', () => {
  fc.assert(fc.property(text, text, (before, after) => {
    const hunks = hunksBetween(before, after)
    expect(applyHunks(before, after, new Set(hunks.map(({ id }) => id)))).toBe(after)
    expect(applyHunks(before, after, new Set())).toBe(before)
    expect(hunksBetween(before, before)).toEqual([])
  }))
})

it('finds the fewest changed lines', () => {
  expect(countLines('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual({ added: 2, removed: 1 })
  expect(countLines('', 'a\nb')).toEqual({ added: 2, removed: 0 })
})

it('takes for text only what can be written back byte for byte', () => {
  expect(toText(new TextEncoder().encode('ünï\n'))).toBe('ünï\n')
  expect(toText(new Uint8Array([0x61, 0, 0x62]))).toBeNull()
  expect(toText(new Uint8Array([0x61, 0xff, 0x62]))).toBeNull()
})

it('gives up on the best way in time, and is right all the same', () => {
  const text = (seed: number) => Array.from({ length: 5000 }, (_, line) => `${(line * seed) % 7919}\n`).join('')
  const started = performance.now()
  expect(applyHunks(text(31), text(37), new Set(hunksBetween(text(31), text(37)).map(({ id }) => id)))).toBe(text(37))
  expect(performance.now() - started).toBeLessThan(2000)
})
