import { expect, test } from 'vitest'
import { linksIn, openableLink } from './terminal-link'

test('only plain https may be opened', () => {
  expect(['https://example.com/a?b#c', 'http://example.com', 'javascript:alert(1)', 'file:///etc/passwd', 'https://user:word@example.com', 'trestle://x', 'https:', 'vscode://x'].map(openableLink))
    .toEqual(['https://example.com/a?b#c', null, null, null, null, null, null, null])
})

test('addresses in a line end before what closes the sentence', () => {
  expect(linksIn('see (https://example.com/a). and https://b.example, http://c.example')).toEqual([
    { start: 5, end: 26, url: 'https://example.com/a' }, { start: 33, end: 50, url: 'https://b.example/' },
  ])
})
