import { expect, test } from 'vitest'
import { aTask } from '../../../lib/testing/samples'
import { choicesOf, nextWords } from './choices'

test('each task that waits has its answers, and a schedule none of these', () => {
  const choices = (state: 'review' | 'needs_you' | 'dead_letter' | 'failed' | 'done') => choicesOf(aTask('t', { state })).join(' ')
  expect([choices('review'), choices('needs_you'), choices('dead_letter'), choices('failed'), choices('done')]).toEqual(['accept', 'go-on leave', 'requeue leave', 'retry leave', ''])
  const when = { kind: 'planned', dates: ['2030-01-01T00:00'], timeZone: 'UTC', misfire: { policy: 'ask' }, overlap: 'skip' } as const
  expect(choicesOf({ state: 'failed', when: { ...when, dates: [...when.dates] } })).toEqual([])
})

test('it is told what an answer leads to, also for those that wait for the task', () => {
  expect(nextWords(aTask('t', { state: 'review' }), 2)).toBe('Accepted, it counts as done and 2 tasks that wait for it may start. To send it back with words, look at it.')
  expect(nextWords(aTask('t', { state: 'failed', attempt: 1 }), 1)).toBe('The next attempt (2) goes on after the last finished step where it can. If you leave it, it goes to Cancelled, and 1 task waits on.')
})
