import { expect, test } from 'vitest'
import { fieldText, fieldWords } from './field-words'

test.each<[unknown, string]>([
  [null, ''], ['Boat', 'Boat'], [true, 'yes'], [3, '3'], [['a', 'b'], 'a\nb'],
  [[{ text: 'is blue', done: true }, { text: 'is dry', done: false }], '[x] is blue\n[ ] is dry'],
  [{ maxCostUsd: 2, maxTokens: null }, 'maxCostUsd: 2'],
])('%j is told as text', (value, text) => {
  expect(fieldText(value)).toBe(text)
})

test('fields have the names that a person sees; others keep their own', () => {
  expect([fieldWords('dependsOn'), fieldWords('later')]).toEqual(['Waits for', 'later'])
})
