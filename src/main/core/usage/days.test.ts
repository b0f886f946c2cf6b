import { expect, test } from 'vitest'
import { lastDays } from './days'

const hours = (days: ReturnType<typeof lastDays>): readonly number[] => days.map(({ from, until }) => (until - from) / 3_600_000)

test('days begin at midnight of the place, and each begins where the one before ends', () => {
  const days = lastDays(Date.UTC(2026, 10, 21, 23, 30), 3, 'Asia/Tokyo')
  expect(days.map(({ day }) => day)).toEqual(['2026-11-20', '2026-11-21', '2026-11-22'])
  expect(days[2]?.from).toBe(Date.UTC(2026, 10, 21, 15))
  expect(days.slice(1).map(({ from }) => from)).toEqual(days.slice(0, -1).map(({ until }) => until))
})

test('the days on which the clock is changed have 23 and 25 hours', () => {
  expect(hours(lastDays(Date.UTC(2026, 2, 30, 12), 3, 'Europe/Berlin'))).toEqual([24, 23, 24])
  expect(hours(lastDays(Date.UTC(2026, 9, 26, 12), 3, 'Europe/Berlin'))).toEqual([24, 25, 24])
})

test('a year of days is a year of days', () => {
  expect(lastDays(Date.UTC(2026, 0, 1), 366, 'UTC')[0]?.day).toBe('2025-01-01')
})

test('a zone that is not known is refused', () => {
  expect(() => lastDays(0, 1, 'Nowhere/Land')).toThrow('no time zone')
})
