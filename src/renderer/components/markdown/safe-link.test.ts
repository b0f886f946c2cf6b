import { expect, test } from 'vitest'
import { safeLink } from './safe-link'

test('https addresses can be opened', () => {
  expect(safeLink('https://example.com/a?b#c')).toBe('https://example.com/a?b#c')
  expect(safeLink('HTTPS://EXAMPLE.com')).toBe('https://example.com/')
})

test.each([
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd',
  'http://example.com', '//example.com', '/local', '#top', 'mailto:a@b.c', 'trestle://open', 'app://index.html', 'blob:https://x/y', '',
  'https://user@evil.example', 'https://bank.example:x@evil.example', 'https://', `https://e.example/${'a'.repeat(3_000)}`, undefined, null, 5,
])('%s is shown as text only', (href) => {
  expect(safeLink(href)).toBeNull()
})
