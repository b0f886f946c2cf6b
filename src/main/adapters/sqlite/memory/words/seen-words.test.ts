import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wordsOf } from '#core/memory/words'
import { createSeenWords } from './seen-words'

const text = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 40 }), fc.array(fc.constantFrom('Harbour', 'lantern', 'Übung', '7up', 'x'.repeat(41)), { maxLength: 8 }).map((words) => words.join(', ')))

it('gives each word of all texts once, as the index knows it', () => {
  fc.assert(fc.property(fc.array(text, { maxLength: 8 }), (texts) => {
    const seen = createSeenWords()
    const given = texts.flatMap((one) => seen.newOf(one))
    expect([...given].sort()).toEqual([...new Set(texts.flatMap((one) => [...wordsOf(one)]))].sort())
  }))
})

it('gives them anew when it was cleared, and after more than it has room for', () => {
  const seen = createSeenWords()
  expect(seen.newOf('one two')).toEqual(['one', 'two'])
  expect(seen.newOf('Two one')).toEqual([])
  seen.clear()
  expect(seen.newOf('one')).toEqual(['one'])
  for (let number = 0; number < 200_000; number += 1) seen.newOf(`w${number}`)
  expect(seen.newOf('one')).toEqual(['one'])
})
