import { expect, test } from 'vitest'
import { behindWhom, focusAfter, rangeOf, stepFrom } from './steps'

const grid = [['a1', 'a2', 'a3'], [], ['c1'], ['d1', 'd2']]

test('steps go up and down in a column and stop at its ends', () => {
  expect([stepFrom(grid, 'a1', 'down'), stepFrom(grid, 'a3', 'down'), stepFrom(grid, 'a1', 'up')]).toEqual(['a2', null, null])
})

test('steps to the side keep the height, step over empty columns, and stop at the edge', () => {
  expect([stepFrom(grid, 'a3', 'right'), stepFrom(grid, 'd2', 'left'), stepFrom(grid, 'd1', 'right'), stepFrom(grid, 'a2', 'left')]).toEqual(['c1', 'c1', null, null])
})

test('from nowhere, or from a card that is gone, the first card is next', () => {
  expect([stepFrom(grid, null, 'down'), stepFrom(grid, 'gone', 'left'), stepFrom([[]], null, 'down')]).toEqual(['a1', 'a1', null])
})

test('the focus goes with its card, and without it to the next of the column, the one before, or any', () => {
  expect(focusAfter(grid, [['a1'], [], ['c1', 'a2'], []], 'a2')).toEqual({ id: 'a2', isMoved: true })
  expect(focusAfter(grid, [['a2', 'a1'], [], ['c1'], []], 'a2')).toEqual({ id: 'a2', isMoved: false })
  expect(focusAfter(grid, [['a1', 'a3'], [], ['c1'], ['d1']], 'a2')).toEqual({ id: 'a3', isMoved: true })
  expect(focusAfter(grid, [['a1'], [], ['c1'], ['d1']], 'a2')).toEqual({ id: 'a1', isMoved: true })
  expect(focusAfter(grid, [[], [], [], ['d1']], 'a2')).toEqual({ id: 'd1', isMoved: true })
  expect(focusAfter(grid, [[]], 'a2')).toEqual({ id: null, isMoved: true })
  expect(focusAfter([], grid, null)).toEqual({ id: 'a1', isMoved: false })
})

test('a range is what lies between two cards of a column', () => {
  expect(rangeOf(grid, 'a3', 'a1')).toEqual(['a1', 'a2', 'a3'])
  expect(rangeOf(grid, 'a1', 'd1')).toEqual(['d1'])
  expect(rangeOf(grid, null, 'd1')).toEqual(['d1'])
})

test('a card moves by one place, to the very top too, and not beyond the ends', () => {
  const ids = ['a', 'b', 'c']
  expect([behindWhom(ids, 'a', 1), behindWhom(ids, 'c', -1), behindWhom(ids, 'b', -1), behindWhom(ids, 'a', -1), behindWhom(ids, 'c', 1)]).toEqual(['b', 'a', null, undefined, undefined])
})
