import { expect, test } from 'vitest'
import type { TaskState } from '#contract/tasks'
import { aTask } from '../../../lib/testing/samples'
import { columnOrder } from './columns'
import { dropOn, nextColumn } from './drop'

const taking = (state: TaskState, runId: string | null = null) =>
  columnOrder.filter((column) => column !== state && dropOn(aTask('t', { state, runId }), column).kind !== 'refuse')

test.each<[TaskState, readonly TaskState[]]>([
  ['backlog', ['ready', 'running', 'done', 'cancelled']],
  ['ready', ['backlog', 'running', 'done', 'cancelled']],
  ['running', ['backlog', 'done', 'cancelled']],
  ['needs_you', ['backlog', 'ready', 'done', 'cancelled']],
  ['review', ['backlog', 'ready', 'done', 'cancelled']],
  ['done', ['backlog', 'ready']],
  ['cancelled', ['backlog', 'ready']],
  ['failed', ['backlog', 'ready', 'done', 'cancelled']],
])('from %s a person moves a card to %j only', (state, columns) => {
  expect(taking(state)).toEqual(columns)
})

test('no column takes what only work brings about', () => {
  for (const column of ['needs_you', 'failed', 'missed', 'dead_letter', 'scheduled'] as const) {
    expect(dropOn(aTask('t'), column).kind).toBe('refuse')
  }
})

test('a schedule goes between Backlog and Scheduled, never into Ready', () => {
  const schedule = aTask('t', { when: { kind: 'planned', dates: ['2027-01-01T00:00'], timeZone: 'UTC', misfire: { policy: 'skip' }, overlap: 'skip' } })
  expect(dropOn(schedule, 'scheduled')).toEqual({ kind: 'move', to: 'ready', asks: null })
  expect(dropOn(schedule, 'ready').kind).toBe('refuse')
})

test('it is asked only when a running agent would be stopped', () => {
  expect(dropOn(aTask('t', { state: 'ready' }), 'cancelled')).toEqual({ kind: 'move', to: 'cancelled', asks: null })
  expect(dropOn(aTask('t', { state: 'running', runId: 'r' }), 'cancelled')).toMatchObject({ kind: 'move', asks: 'Its agent is at work and will be stopped.' })
})

test('what is put into Running is started, what is reviewed and put into Done is accepted', () => {
  expect(dropOn(aTask('t', { state: 'ready' }), 'running')).toEqual({ kind: 'run' })
  expect(dropOn(aTask('t', { state: 'done' }), 'running').kind).toBe('refuse')
  expect(dropOn(aTask('t', { state: 'review' }), 'done')).toEqual({ kind: 'accept' })
})

test('in its own column a card takes another place where a person makes the order', () => {
  expect(dropOn(aTask('t'), 'backlog')).toEqual({ kind: 'place' })
  expect(dropOn(aTask('t', { state: 'done' }), 'done').kind).toBe('refuse')
})

test('the keyboard goes to the next column that takes the card', () => {
  const shown = columnOrder
  expect([nextColumn(aTask('t'), shown, 1), nextColumn(aTask('t', { state: 'ready' }), shown, 1), nextColumn(aTask('t'), shown, -1)]).toEqual(['ready', 'running', null])
  expect(nextColumn(aTask('t', { state: 'ready' }), ['backlog', 'ready'], 1)).toBeNull()
})
