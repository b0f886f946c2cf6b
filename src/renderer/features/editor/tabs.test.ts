import { expect, test } from 'vitest'
import { neighbour, noTabs, parseTabs, withClosed, withKept, withMoved, withOpened } from './tabs'

test('a look at a file takes the place of the look before; what is kept stays', () => {
  let tabs = withOpened(noTabs, 'a', true)
  tabs = withOpened(tabs, 'b', false)
  tabs = withOpened(tabs, 'c', false)
  expect(tabs).toEqual({ open: ['a', 'c'], active: 'c', preview: 'c' })
  tabs = withOpened(withKept(tabs, 'c'), 'd', false)
  expect(tabs).toEqual({ open: ['a', 'c', 'd'], active: 'd', preview: 'd' })
  expect(withOpened(tabs, 'a', false)).toEqual({ open: ['a', 'c', 'd'], active: 'a', preview: 'd' })
})

test('closing shows the one beside it', () => {
  const tabs = { open: ['a', 'b', 'c'], active: 'b', preview: null }
  expect([withClosed(tabs, 'b').active, withClosed(tabs, 'a').active, withClosed({ ...tabs, active: 'c' }, 'c').active, withClosed({ open: ['a'], active: 'a', preview: 'a' }, 'a')])
    .toEqual(['c', 'b', 'b', noTabs])
})

test('tabs go with what was moved, and round at the ends', () => {
  expect(withMoved({ open: ['src/a', 'b', 'srcx'], active: 'src/a', preview: null }, 'src', 'lib')).toEqual({ open: ['lib/a', 'b', 'srcx'], active: 'lib/a', preview: null })
  expect([neighbour({ open: ['a', 'b'], active: 'b', preview: null }, 1), neighbour({ open: ['a', 'b'], active: 'a', preview: null }, -1), neighbour(noTabs, 1)]).toEqual(['a', 'b', null])
})

test('what is remembered and broken is forgotten', () => {
  expect([parseTabs(null), parseTabs('{'), parseTabs('{"open":3}')]).toEqual([noTabs, noTabs, noTabs])
})
