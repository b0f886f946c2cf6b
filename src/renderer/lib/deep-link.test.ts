import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDeepLink } from './deep-link'

test.each([
  ['trestle://session/0198-abc', { kind: 'session', sessionId: '0198-abc' }],
  ['TRESTLE://session/0198-abc', { kind: 'session', sessionId: '0198-abc' }],
  ['trestle://open?folder=%2Fhome%2Fme%2Fwork', { kind: 'open-folder', folder: '/home/me/work' }],
  ['trestle://open/?folder=C%3A%5Cwork', { kind: 'open-folder', folder: 'C:\\work' }],
  ['trestle://mcp?config=e30', { kind: 'mcp', link: 'trestle://mcp?config=e30' }],
  ['trestle://new?prompt=Fix%20it%0Aplease', { kind: 'prompt', prompt: 'Fix it\nplease' }],
])('%s proposes', (link, proposal) => {
  expect(parseDeepLink(link)).toEqual(proposal)
})

test.each([
  'https://example.com', 'trestle:', 'trestle://', 'trestle://run?command=rm', 'trestle://mcp/install?config=e30', 'trestle://mcp', 'trestle://mcp?config=e30&run=1', 'trestle://mcp?config=%E2%80%AE', 'trestle://session/', 'trestle://session/../../x',
  'trestle://session/a?approve=1', 'trestle://open', 'trestle://open?folder=relative', 'trestle://open?folder=%2F%2Fserver%2Fshare', 'trestle://open?folder=%5C%5Cserver%5Cshare',
  'trestle://open?folder=/a&folder=/b', 'trestle://open?folder=/a&trust=true', 'trestle://open?trust=true&folder=/a', 'trestle://open?folder=%2Fa%00b', 'trestle://open?folder=%2Fa%0Ab',
  'trestle://open?folder=%E2%80%AE%2Fgnp', 'trestle://open?folder=%2F%E2%80%AEgnp', 'trestle://open?folder=%zz', 'trestle://new?prompt=', 'trestle://new?prompt=%20%20',
  'trestle://new?prompt=a&send=1', 'trestle://new?prompt=a%1b[2J', 'trestle://user@session/a', 'trestle://session/a#b', ` trestle://session/a`, `trestle://new?prompt=${'a'.repeat(2001)}`,
  `trestle://new?prompt=${'a'.repeat(5000)}`, 'javascript:trestle://session/a', 'file:///etc/passwd',
])('%j proposes nothing', (link) => {
  expect(parseDeepLink(link)).toBeNull()
})

test('whatever comes, it is nothing or one of the four, with nothing hidden in it', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('trestle://', 'open', 'new', 'mcp', 'session/', '?', 'folder=', 'config=', 'prompt=', '&', '%2F', '/', '%00', '%E2%80%AE', '#', '..'))
  fc.assert(fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
    const proposal = parseDeepLink(parts.join(''))
    if (proposal === null) return
    const text = proposal.kind === 'session' ? proposal.sessionId : proposal.kind === 'open-folder' ? proposal.folder : proposal.kind === 'mcp' ? proposal.link : proposal.prompt
    expect(text).not.toMatch(/[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u0000-\u0008\u000b-\u001f]/u)
    expect(text.length).toBeGreaterThan(0)
  }), { numRuns: 2000 })
})
