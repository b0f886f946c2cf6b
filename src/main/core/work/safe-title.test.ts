import { expect, test } from 'vitest'
import { safeTitle } from './safe-title'

test.each([
  ['Fix the login', 'Fix the login'],
  ['  two\nlines\tand a tab ', 'two lines and a tab'],
  ['abc\u202Egnp.exe', 'abc gnp.exe'],
  ['zero\u200Bwidth', 'zero width'],
  ['\u0007\u0000', 'Untitled'],
  ['', 'Untitled'],
])('%j is shown as %j', (title, shown) => {
  expect(safeTitle(title)).toBe(shown)
})

test('a long title is cut, never in the middle of a sign', () => {
  const shown = safeTitle('👩‍🚀'.repeat(500))
  expect([...shown]).toHaveLength(80)
  expect(encodeURIComponent(shown)).toContain('%')
})
