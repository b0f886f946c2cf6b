import { expect, test } from 'vitest'
import { emptyFilter } from './filter'
import { boardFilterOf, isShown, viewFilterOf } from './views'

test('a view keeps what is asked for and nothing else, and gives it back', () => {
  const filter = { ...emptyFilter, workspace: 'none', text: ' ships ', mine: true, tag: 'harbour', source: 'agent', priority: 'high' } as const
  expect(viewFilterOf(filter)).toEqual({ workspaceId: null, text: 'ships', mine: true, tag: 'harbour', source: 'agent', priority: 'high' })
  expect(boardFilterOf(viewFilterOf(filter))).toEqual({ ...filter, text: 'ships' })
  expect(viewFilterOf(emptyFilter)).toEqual({})
  expect(boardFilterOf({})).toEqual(emptyFilter)
})

test('it is known whether the board shows a view', () => {
  const view = { id: 'v', name: 'Mine', filter: { mine: true, tag: 'a' }, lanes: 'none' } as const
  const filter = { ...emptyFilter, tag: 'a', mine: true }
  expect([isShown(view, filter, 'none'), isShown(view, filter, 'workspace'), isShown(view, { ...filter, tag: 'b' }, 'none')]).toEqual([true, false, false])
})
