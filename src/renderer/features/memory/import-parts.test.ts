import { expect, it } from 'vitest'
import { importParts } from './import-parts'

it('parts a long file between its items, and loses nothing of it', () => {
  const lines = Array.from({ length: 50 }, (_none, index) => `${JSON.stringify({ text: `Item ${index}` })}\n`).join('')
  const parts = importParts(lines, 'json', 100)
  expect(parts.join('')).toBe(lines)
  for (const part of parts) expect([part.length <= 100, part.endsWith('}\n')]).toEqual([true, true])
  const items = Array.from({ length: 20 }, (_none, index) => `## Item ${index}\n\n<!-- memory {} -->\n\nText\nof it\n\n`).join('')
  const markdown = importParts(items, 'markdown', 150)
  expect(markdown.join('')).toBe(items)
  for (const part of markdown) expect(part.startsWith('## Item')).toBe(true)
})

it('leaves what is short, and a list that is one text, in one part', () => {
  expect(importParts('{"text":"a"}\n', 'json')).toEqual(['{"text":"a"}\n'])
  expect(importParts(`[${'1,'.repeat(100)}1]`, 'json', 10)).toHaveLength(1)
  expect(importParts('', 'markdown')).toEqual([''])
})
