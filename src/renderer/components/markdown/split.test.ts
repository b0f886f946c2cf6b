import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPartSplitter, hardPartChars, splitParts } from './split'

const paragraph = `${'A sentence of some length that says little. '.repeat(20)}\n\n`
const joined = (text: string): string => splitParts(text).map((part) => part.text).join('')

describe('a long text', () => {
  test('is cut between blocks, and nothing of it is lost', () => {
    const text = paragraph.repeat(40)
    const parts = splitParts(text)
    expect(parts.length).toBeGreaterThan(5)
    expect(parts.slice(0, -1).every((part) => part.text.endsWith('\n\n'))).toBe(true)
    expect(joined(text)).toBe(text)
  })

  test('a fence that goes on in the next part is opened there again', () => {
    const text = `\`\`\`ts\n${'let value = 1\n'.repeat(2_000)}\`\`\`\n\nAfter.`
    const parts = splitParts(text)
    expect(parts.slice(1).every((part) => part.prefix === '```ts\n')).toBe(true)
    expect(joined(text)).toBe(text)
  })

  test('a table that goes on in the next part has its head there', () => {
    const text = `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(4_000)}`
    expect(splitParts(text)[1]?.prefix).toBe('| a | b |\n|---|---|\n')
  })

  test('a line of five million characters is cut into what can be shown, never through a character', () => {
    const text = '😀'.repeat(2_500_000)
    const parts = splitParts(text)
    expect(parts.every((part) => part.text.length <= hardPartChars && [...part.text].every((char) => char === '😀'))).toBe(true)
    expect(joined(text).length).toBe(text.length)
  })

  test('items of one list stay together as long as there is room', () => {
    const text = `${paragraph.repeat(5)}1. one\n\n2. two\n\n3. three\n`
    expect(splitParts(text).at(-1)?.text).toContain('1. one\n\n2. two\n\n3. three')
  })
})

test('however a text arrives, it is cut in the same places, and a part that is followed by another never changes', () => {
  const piece = fc.constantFrom(paragraph, '```js\n', 'code();\n', '```\n', '- item\n', '  more of it\n', '\n', '| a | b |\n|---|---|\n', `${'| 1 | 2 |\n'.repeat(90)}`, 'x'.repeat(5_000), '> quote\n', '~~~\n', '😀'.repeat(2_100), '\n\n')
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(7_000), { minLength: 1, maxLength: 12 }), (pieces, steps) => {
    const text = pieces.join('')
    const splitter = createPartSplitter()
    let settled: readonly string[] = []
    for (let end = 0, turn = 0; end < text.length; turn += 1) {
      end = Math.min(text.length, end + 1 + (steps[turn % steps.length] ?? 0))
      const parts = splitter.update(text.slice(0, end)).map((part) => part.text)
      expect(parts.slice(0, settled.length)).toEqual(settled)
      settled = parts.slice(0, -1)
    }
    if (text !== '') expect(splitter.update(text)).toEqual(splitParts(text))
    expect(joined(text)).toBe(text)
  }), { numRuns: 150 })
})

test('another text begins anew', () => {
  const splitter = createPartSplitter()
  splitter.update(paragraph.repeat(20))
  expect(splitter.update('Other words.').map((part) => part.text)).toEqual(['Other words.'])
})
