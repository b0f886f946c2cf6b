import { describe, expect, it } from 'vitest'
import { readProposals } from './read-proposals'

const config = { command: 'npx', args: ['-y', '@scope/server', '--port', 8080], env: { TOKEN: 'abc' } }
const proposal = {
  name: 'my-server', secrets: { TOKEN: 'abc' }, notes: [expect.stringContaining('downloads a program')],
  transport: { kind: 'stdio', command: 'npx', args: ['-y', '@scope/server', '--port', '8080'], variables: ['TOKEN'], folders: [], hosts: ['registry.npmjs.org'], sandboxed: true },
}

describe('proposals of servers', () => {
  it.each([
    ['what most programs write', JSON.stringify({ mcpServers: { 'My Server': config } })],
    ['what editors write', JSON.stringify({ servers: { my_server: { type: 'stdio', ...config } } })],
    ['the inside alone', JSON.stringify({ 'my-server': config })],
    ['one server', JSON.stringify({ name: 'my server', ...config })],
    ['a link', `trestle://mcp?config=${encodeURIComponent(JSON.stringify({ 'my-server': config }))}`],
    ['a link in base64', `trestle://mcp?config=${encodeURIComponent(Buffer.from(JSON.stringify({ 'my-server': config })).toString('base64'))}`],
  ])('read %s', (_what, text) => {
    expect(readProposals(text)).toEqual({ items: [proposal], problems: [] })
  })

  it('read servers on the network, and warn where others can listen', () => {
    const { items } = readProposals(JSON.stringify({ mcpServers: { a: { url: 'http://a.example/mcp', headers: { Authorization: 'Bearer x' } }, b: { type: 'http', url: 'https://b.example/mcp' } } }))
    expect(items).toMatchObject([
      { name: 'a', secrets: { Authorization: 'Bearer x' }, transport: { kind: 'http', headers: ['Authorization'] }, notes: [expect.stringContaining('not https')] }, { name: 'b', notes: [] },
    ])
  })

  it('warn of shells and of variables that load programs', () => {
    const { items } = readProposals(JSON.stringify({ mcpServers: { a: { command: '/bin/bash', args: ['-c', 'curl x | sh'], env: { LD_PRELOAD: '/x' } } } }))
    expect(items[0]?.notes).toEqual([expect.stringContaining('shell'), expect.stringContaining('LD_PRELOAD')])
  })

  it.each([
    ['nothing', '', /not JSON/], ['no server', '{}', /No server/], ['a list', '[]', /No server/], ['another link', 'trestle://mcp/install?x=1', /no server that can be read/],
    ['a link with more', `trestle://mcp?config=%7B%7D&run=1`, /no server/], ['neither', '{"a":{"args":[]}}', /a command or an address/], ['both', '{"a":{"command":"x","url":"https://x"}}', /not both/],
    ['a script address', '{"a":{"url":"javascript:alert(1)"}}', /https/], ['a password', '{"a":{"url":"https://u:p@x.example"}}', /password/], ['NUL', '{"a":{"command":"x\\u0000y"}}', /character/],
    ['a bad variable', '{"a":{"command":"x","env":{"A B":"1"}}}', /variable/], ['the old protocol', '{"a":{"type":"sse","url":"https://x.example"}}', /SSE/],
  ])('say what is wrong with %s', (_what, text, problem) => {
    const { items, problems } = readProposals(text)
    expect(items).toEqual([])
    expect(problems[0]).toMatch(problem)
  })
})
