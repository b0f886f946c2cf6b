import { expect, test } from 'vitest'
import { createDraftParts, type LineComment, withComments } from './draft-parts'

const comment: LineComment = { id: 'c', path: 'src/a.ts', lines: { from: 3, to: 4 }, side: 'after', quote: 'one\n> two', text: ' Why? ' }

function memoryOf(initial: Record<string, string> = {}) {
  const kept = { ...initial }
  return { kept, read: (key: string) => kept[key] ?? null, write: (key: string, value: string | null) => { kept[key] = value ?? '' } }
}

test('what goes with a message survives a reload, and what is empty is forgotten', () => {
  const memory = memoryOf()
  createDraftParts(memory).change('s1', (parts) => ({ ...parts, comments: [comment] }))
  const again = createDraftParts(memory)
  expect(again.get('s1').comments).toEqual([comment])
  again.change('s1', (parts) => ({ ...parts, comments: [] }))
  expect(JSON.parse(memory.kept['draft parts'] ?? '')).toEqual({})
})

test('what another version kept and this one cannot read counts as nothing', () => {
  expect(createDraftParts(memoryOf({ 'draft parts': '{"s1":{"attachments":[1]}}' })).get('s1').attachments).toEqual([])
  expect(createDraftParts(memoryOf({ 'draft parts': '{' })).get('s1').comments).toEqual([])
})

test('comments are sent with their place and the lines they are about', () => {
  expect(withComments('Look:', [comment, { ...comment, lines: { from: 9, to: 9 }, side: 'before', quote: 'x', text: 'Gone?' }]))
    .toBe('Look:\n\nsrc/a.ts:3-4\n> one\n> > two\nWhy?\n\nsrc/a.ts:9 (before the change)\n> x\nGone?')
  expect(withComments(' ', [])).toBe('')
})
