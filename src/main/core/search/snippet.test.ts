import { expect, it } from 'vitest'
import { parseQuery } from './query'
import { snippetOf } from './snippet'

const marked = (text: string, query: string) => snippetOf(text, parseQuery(query)).map((part) => (part.hit ? `[${part.text}]` : part.text)).join('')

it('marks every place of the words, whole', () => {
  expect(marked('The Harbour wall of the harbour', 'harb')).toBe('The [Harbour] wall of the [harbour]')
  expect(marked('harbours and harbour', 'harbour ')).toBe('harbours and [harbour]')
  expect(marked('see src/main.ts:3', '"main ts"')).toBe('see src/[main.ts]:3')
})

it('begins a little before the first place, at a word, on one line', () => {
  const text = `${'word '.repeat(100)}\n\nharbour\n${'more '.repeat(100)}`
  const found = marked(text, 'harbour ')
  expect(found).toMatch(/^… word .* \[harbour\] more .* …$/)
  expect(found.length).toBeLessThan(220)
})

it('finds letters with accents by those without', () => {
  expect(marked('Im Café nebenan', 'cafe ')).toBe('Im [Café] nebenan')
})

it('shows the beginning where the words are elsewhere', () => {
  expect(marked('nothing of that', 'harbour')).toBe('nothing of that')
})

it('keeps what looks like markup as text, and no half of a character', () => {
  expect(marked('<img src=x onerror=alert(1)> harbour', 'harbour')).toBe('<img src=x onerror=alert(1)> [harbour]')
  const faces = '😀'.repeat(60)
  for (const part of snippetOf(`${faces} harbour ${faces}`, parseQuery('harbour '))) expect(part.text).not.toMatch(/(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/)
})
