import { expect, test } from 'vitest'
import { instantOf, isZone, localText } from './zones'

const at = (iso: string): number => Date.parse(iso)

test('a local time and its instant are told from each other in any zone', () => {
  expect(localText(at('2026-11-23T06:30:00Z'), 'Europe/Berlin')).toBe('2026-11-23T07:30')
  expect(instantOf('2026-11-23T07:30', 'Europe/Berlin')).toBe(at('2026-11-23T06:30:00Z'))
  expect(instantOf('2026-07-01T12:00', 'Asia/Kathmandu')).toBe(at('2026-07-01T06:15:00Z'))
  expect(instantOf('2026-01-01T00:00', 'UTC')).toBe(at('2026-01-01T00:00:00Z'))
})

test('a time that the clock leaves out counts with the offset before, one that comes twice is the first', () => {
  expect(instantOf('2026-03-29T02:30', 'Europe/Berlin')).toBe(at('2026-03-29T01:30:00Z'))
  expect(instantOf('2026-10-25T02:30', 'Europe/Berlin')).toBe(at('2026-10-25T00:30:00Z'))
  expect(instantOf('2026-03-08T02:30', 'America/New_York')).toBe(at('2026-03-08T07:30:00Z'))
})

test('what is no zone or no time is neither', () => {
  expect([isZone('Mars/Base'), isZone('Europe/Berlin')]).toEqual([false, true])
  expect([instantOf('', 'UTC'), instantOf('2026-01-01', 'UTC'), instantOf('2026-01-01T10:00', 'Mars/Base'), localText(0, 'Mars/Base')]).toEqual([null, null, null, ''])
})
