import { expect, it } from 'vitest'
import { momentAt, neighbour, stopOf } from './time-stops'

const moments = [10, 20, 30, 40].map((at) => ({ at, changes: 1 }))

it('stands at the last change before a moment, and at the end for now', () => {
  expect([null, 5, 10, 29, 30, 99].map((at) => stopOf(moments, at))).toEqual([3, 0, 0, 1, 2, 3])
  expect(stopOf([], null)).toBe(0)
})

it('goes from change to change, and ends now', () => {
  expect([0, 1, 2, 3, 4].map((stop) => momentAt(moments, stop))).toEqual([10, 20, 30, null, null])
  expect([null, 30, 25, 20, 10].map((at) => neighbour(moments, at, -1))).toEqual([30, 20, 20, 10, 10])
  expect([10, 25, 30, null].map((at) => neighbour(moments, at, 1))).toEqual([20, 30, null, null])
})
