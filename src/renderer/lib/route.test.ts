import { expect, test } from 'vitest'
import { parseRoute, routeHash } from './route'

test('an address leads back to what was shown', () => {
  for (const route of [{ view: 'home' }, { view: 'session', sessionId: '0197-a_B' }] as const) expect(parseRoute(routeHash(route))).toEqual(route)
})

test.each(['', '#', '#/session/', '#/session/a/b', '#/session/<x>', `#/session/${'a'.repeat(65)}`])('any other address (%s) is home', (hash) => {
  expect(parseRoute(hash)).toEqual({ view: 'home' })
})
