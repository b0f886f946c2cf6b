import { expect, test } from 'vitest'
import { formatAge, formatBytes, formatCost, formatDuration, formatHere, formatTimeIn, formatTokens, shorten } from './format'

test('numbers are told in words that fit', () => {
  expect([0, 999, 1_234, 123_456, 2_500_000].map(formatTokens)).toEqual(['0', '999', '1.2k', '123k', '2.5M'])
  expect([null, 0, 0.001, 1.234].map(formatCost)).toEqual(['cost unknown', '$0.00', '<$0.01', '$1.23'])
  expect([-5, 12.4, 1_500, 61_000, 3_700_000].map(formatDuration)).toEqual(['0 ms', '12 ms', '1.5 s', '1 min 1 s', '1 h 1 min'])
  expect([10, 2_048, 5_000_000].map(formatBytes)).toEqual(['10 B', '2.0 KB', '4.8 MB'])
  expect([0, 5, 120, 2_880].map((minutes) => formatAge(0, minutes * 60_000))).toEqual(['now', '5 min', '2 h', '2 d'])
})

test('a shortened text is one line and whole characters', () => {
  expect(shorten('  a\n\tb  ', 10)).toBe('a b')
  expect(shorten('abcdef', 4)).toBe('abc…')
  expect(encodeURIComponent(shorten('👍🏽'.repeat(50), 5))).toMatch(/%E2%80%A6$/)
  expect(shorten('x'.repeat(5_000_000), 5)).toBe('xxxx…')
})

test('a time is told in its zone, and beside it in that of the reader where it differs', () => {
  const at = Date.parse('2026-11-23T06:30:00Z')
  expect(formatTimeIn(at, 'Europe/Berlin')).toBe('Mon, Nov 23, 2026, 07:30')
  expect([formatHere(at, 'Europe/Berlin', 'UTC'), formatHere(at, 'Pacific/Auckland', 'UTC'), formatHere(at, 'Pacific/Auckland', 'America/New_York')]).toEqual(['06:30 here', '06:30 here', '01:30 here'])
  expect(formatHere(Date.parse('2026-11-23T23:30:00Z'), 'UTC', 'Europe/Berlin')).toBe('Tue, Nov 24, 2026, 00:30 here')
  expect(formatHere(at, 'Africa/Abidjan', 'UTC')).toBeNull()
})
