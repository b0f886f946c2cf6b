import { expect, it } from 'vitest'
import { aTask } from '../../lib/testing/samples'
import { ageWords, timeWords } from './words'

const MINUTE_MS = 60_000
const at = (createdAt: number, updatedAt: number) => aTask('a', { createdAt, updatedAt, activityAt: null, endedAt: null, state: 'backlog' })

it('a card says when something last happened, and when it was made where that is longer ago', () => {
  const now = 10 * 60 * MINUTE_MS
  expect([timeWords(at(0, now), now), ageWords(at(0, now), now)]).toEqual(['changed just now', 'made 10 h ago'])
  expect([timeWords(at(now - 5 * MINUTE_MS, now - 5 * MINUTE_MS), now), ageWords(at(now - 5 * MINUTE_MS, now - 5 * MINUTE_MS), now)]).toEqual(['changed 5 min ago', null])
})
