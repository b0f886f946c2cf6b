import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DiffLine, lineDiff } from './line-diff'

const lines = (diff: ReturnType<typeof lineDiff>): readonly DiffLine[] => diff.parts.flatMap((part) => (part.kind === 'lines' ? part.lines : []))
const shown = (before: string, after: string) =>
  lineDiff(before, after).parts.flatMap((part) =>
    part.kind === 'gap' ? [`… ${part.count}`] : part.lines.map((line) => `${{ same: ' ', added: '+', removed: '-' }[line.kind]}${line.text}`))

test('a changed line is removed and added, with its neighbours around it', () => {
  expect(shown('a\nb\nc\n', 'a\nB\nc\n')).toEqual([' a', '-b', '+B', ' c'])
})

test('equal parts far from a change are folded', () => {
  const numbers = Array.from({ length: 20 }, (_item, index) => String(index))
  expect(shown(numbers.join('\n'), numbers.with(10, 'x').join('\n'))).toEqual(
    ['… 7', ' 7', ' 8', ' 9', '-10', '+x', ' 11', ' 12', ' 13', '… 6'])
})

test('a new file is all added, an equal one shows nothing', () => {
  expect(lineDiff('', 'a\nb\n')).toEqual({
    added: 2, removed: 0,
    parts: [{ kind: 'lines', lines: [{ kind: 'added', text: 'a', before: null, after: 1 }, { kind: 'added', text: 'b', before: null, after: 2 }] }],
  })
  expect(lineDiff('a\n', 'a\n')).toEqual({ added: 0, removed: 0, parts: [{ kind: 'gap', count: 1 }] })
  expect(lineDiff('', '').parts).toEqual([])
})

test('whatever changed, the removed and the added side are the two files', () => {
  const file = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
  fc.assert(fc.property(file, file, (before, after) => {
    const text = (parts: readonly string[]) => parts.map((part) => `${part}\n`).join('')
    const all = lines(lineDiff(text(before), text(after)))
    const numbered = (side: 'before' | 'after') => all.flatMap((line) => (line[side] === null ? [] : [[line[side], line.text]]))
    for (const [number, line] of numbered('before')) expect(before[Number(number) - 1]).toBe(line)
    for (const [number, line] of numbered('after')) expect(after[Number(number) - 1]).toBe(line)
    const same = all.filter((line) => line.kind === 'same').length
    expect(all.length - same).toBe(lineDiff(text(before), text(after)).added + lineDiff(text(before), text(after)).removed)
  }))
})

test('two big files without anything in common are compared without delay', () => {
  const big = (name: string) => Array.from({ length: 50_000 }, (_item, index) => `${name} ${index}`).join('\n')
  const diff = lineDiff(big('a'), big('b'))
  expect([diff.added, diff.removed]).toEqual([50_000, 50_000])
})
