import { expect, test } from 'vitest'
import { rank } from './rank'

const entries = [
  { title: 'Previous part of the window', group: 'Go to', words: 'focus pane' },
  { title: 'Show or hide the context', group: 'View', words: 'inspector right pane' },
  { title: 'Pause all agents', group: 'Trestle', words: 'stop hold' },
  { title: 'Let all agents go on', group: 'Trestle', words: 'resume unpause' },
  { title: 'Mode: Plan', group: 'Model and mode' },
  { title: 'Café in the harbour', group: 'Sessions' },
]
const found = (query: string) => rank(entries, query).map(({ title }) => title)

test('what begins with the query comes first, then words in it, then other words for it', () => {
  expect(found('pause').slice(0, 2)).toEqual(['Pause all agents', 'Let all agents go on'])
  expect(found('agents pause')[0]).toBe('Pause all agents')
  expect(found('mode plan')).toEqual(['Mode: Plan'])
})

test('words may be in any order, and each must be there', () => {
  expect(found('context hide')).toEqual(['Show or hide the context'])
  expect(found('context zebra')).toEqual([])
})

test('letters in order are enough, and accents and case do not matter', () => {
  expect(found('pagnts')[0]).toBe('Pause all agents')
  expect(found('CAFE')).toEqual(['Café in the harbour'])
})

test('without a query everything keeps its order', () => {
  expect(found('  ')).toEqual(entries.map(({ title }) => title))
})
