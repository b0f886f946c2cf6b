import { expect, test } from 'vitest'
import type { TaskState } from '#contract/tasks'
import { aTask } from '../../../lib/testing/samples'
import { columnsOf } from './columns'

const shown = (...parameters: Parameters<typeof columnsOf>) => columnsOf(...parameters).map(({ state, tasks }) => [state, tasks.map(({ id }) => id)])
const none: ReadonlySet<TaskState> = new Set()

test('seven columns are always there; the quiet ones when they hold something or are asked for', () => {
  expect(shown([], none).map(([state]) => state)).toEqual(['backlog', 'ready', 'running', 'needs_you', 'review', 'done', 'failed'])
  const asked = shown([aTask('m', { state: 'missed' })], new Set<TaskState>(['cancelled'])).map(([state]) => state)
  expect(asked).toEqual(['backlog', 'ready', 'running', 'needs_you', 'review', 'done', 'failed', 'missed', 'cancelled'])
})

test('what waits is in the order that a person made, what is over has the newest first', () => {
  const tasks = [
    aTask('b2', { order: 2 }), aTask('b1', { order: 1 }),
    aTask('d1', { state: 'done', endedAt: 10, order: 1 }), aTask('d2', { state: 'done', endedAt: 20, order: 2 }),
    aTask('n2', { state: 'needs_you', updatedAt: 9 }), aTask('n1', { state: 'needs_you', updatedAt: 3 }),
  ]
  expect(shown(tasks, none).filter(([, ids]) => ids?.length !== 0)).toEqual([['backlog', ['b1', 'b2']], ['needs_you', ['n1', 'n2']], ['done', ['d2', 'd1']]])
})

test('schedules stand by what is due next; paused and finished ones at the end', () => {
  const scheduled = (id: string, over: object) => aTask(id, { state: 'scheduled', ...over })
  expect(shown([scheduled('paused', { nextDueAt: 1, pausedReason: 'holiday' }), scheduled('late', { nextDueAt: 9 }), scheduled('soon', { nextDueAt: 5 })], none)[1]).toEqual(
    ['scheduled', ['soon', 'late', 'paused']])
})
