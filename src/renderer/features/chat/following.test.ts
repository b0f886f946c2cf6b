import { expect, test } from 'vitest'
import { distanceFromEnd, followsAfter, type View } from './following'

const view = (top: number, height: number, viewport = 400): View => ({ top, height, viewport })

test('what grows at the end is followed, however much it is at once', () => {
  expect(followsAfter(true, view(600, 1_000), view(600, 5_000))).toBe(true)
})

test('scrolling up ends the following, by however little', () => {
  expect(followsAfter(true, view(600, 1_000), view(595, 1_000))).toBe(false)
  expect(followsAfter(true, view(600, 1_000), view(570, 1_200))).toBe(false)
})

test('a view that moves up because there is less to see, or more room, goes on following', () => {
  expect(followsAfter(true, view(600, 1_000), view(480, 900))).toBe(true)
  expect(followsAfter(true, view(600, 1_000), view(540, 1_000, 450))).toBe(true)
})

test('a smaller view, for instance above a longer draft, goes on following', () => {
  expect(followsAfter(true, view(600, 1_000), view(600, 1_000, 300))).toBe(true)
})

test('who reads further up is left there, whatever grows', () => {
  expect(followsAfter(false, view(100, 1_000), view(100, 3_000))).toBe(false)
  expect(followsAfter(false, view(570, 1_000), view(570, 1_010))).toBe(false)
  expect(followsAfter(false, view(100, 1_000), view(300, 1_200))).toBe(false)
})

test('scrolling down to the end, or close to it, follows again', () => {
  expect(followsAfter(false, view(100, 1_000), view(560, 1_000))).toBe(true)
  expect(followsAfter(false, view(100, 1_000), view(560, 1_030))).toBe(true)
  expect(followsAfter(false, view(100, 1_000), view(500, 1_000))).toBe(false)
  expect(followsAfter(false, view(570, 1_000), view(560, 1_000))).toBe(false)
})

test('with everything in sight the newest is followed', () => {
  expect(followsAfter(false, view(0, 500), view(0, 300))).toBe(true)
  expect(distanceFromEnd(view(0, 300))).toBe(0)
})
