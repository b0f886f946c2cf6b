import { expect, test } from 'vitest'
import { createDrafts } from './drafts'
import { createLocalMemory, type LocalMemory } from './storage'

function memory(stored: Record<string, string> = {}): LocalMemory & { readonly all: Map<string, string> } {
  const all = new Map(Object.entries(stored))
  return { all, read: (key) => all.get(key) ?? null, write: (key, value) => void (value === null ? all.delete(key) : all.set(key, value)) }
}

test('a draft is kept per session over a reload, and an empty one is forgotten', () => {
  const kept = memory()
  const drafts = createDrafts(kept)
  drafts.set('a', 'one')
  drafts.set('b', 'two')
  drafts.set('a', '')
  expect([createDrafts(kept).get('a'), createDrafts(kept).get('b')]).toEqual(['', 'two'])
})

test('the newest fifty drafts are kept, and very long ones only in the window', () => {
  const kept = memory()
  const drafts = createDrafts(kept)
  for (let index = 0; index < 60; index += 1) drafts.set(`s${index}`, 'x')
  drafts.set('long', 'y'.repeat(100_001))
  expect([drafts.get('s0'), drafts.get('s59'), drafts.get('long').length]).toEqual(['', 'x', 100_001])
  expect(Object.keys(JSON.parse(kept.all.get('drafts') ?? '{}')).length).toBe(49)
})

test.each(['not json', '[1]', '{"a":5}'])('a damaged store (%s) is an empty one', (text) => {
  expect(createDrafts(memory({ drafts: text })).get('a')).toBe('')
})

test('a storage that throws costs nothing but memory', () => {
  const broken = createLocalMemory(() => { throw new Error('denied') })
  const drafts = createDrafts(broken)
  drafts.set('a', 'text')
  expect(drafts.get('a')).toBe('text')
})
