import { expect, test } from 'vitest'
import { parseRoute, type Route, routeHash } from './route'

test('an address leads back to what was shown', () => {
  const routes: readonly Route[] = [
    { view: 'home' },
    { view: 'session', sessionId: '0197-a_B' },
    { view: 'timeline', sessionId: 's1', from: null, to: 'now' },
    { view: 'timeline', sessionId: 's1', from: 'c1', to: 'now' },
    { view: 'branches', sessionId: 's1', branchId: 'b1', other: 'origin' },
    { view: 'tasks', taskId: null },
    { view: 'tasks', taskId: 't1' },
    { view: 'schedules', scheduleId: null },
    { view: 'schedules', scheduleId: 's1' },
    { view: 'workflows', workflowId: null },
    { view: 'workflows', workflowId: 'w1' },
    { view: 'memory', memoryId: null },
    { view: 'memory', memoryId: 'm1' },
  ]
  for (const route of routes) expect(parseRoute(routeHash(route))).toEqual(route)
})

test.each(['', '#', '#/session/', '#/session/a/b', '#/session/a/timeline/b', '#/session/a/branches/b', '#/session/<x>', '#/tasks/a/b', '#/schedules/<x>', `#/session/${'a'.repeat(65)}`])('any other address (%s) is home', (hash) => {
  expect(parseRoute(hash)).toEqual({ view: 'home' })
})
