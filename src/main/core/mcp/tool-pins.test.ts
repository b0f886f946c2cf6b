import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { McpToolDefinition } from '#contract/mcp'
import type { McpToolRow } from '../ports/mcp-store'
import { cleanDefinition } from './clean-definition'
import { createScrub } from './scrub'
import { mcpToolName } from './tool-names'
import { describeTools, hashOf, mergeSeen } from './tool-pins'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const definition = (name: string, description = ''): McpToolDefinition => ({ name, title: null, description, parameters: { type: 'object' } })

/** As a store keeps them, with `agree` for those that a person looked at. */
function keep(rows: readonly McpToolRow[], seen: readonly McpToolDefinition[]): McpToolRow[] {
  const { put, drop } = mergeSeen(rows, seen, sha256)
  const all = new Map([...rows, ...put].map((row) => [row.name, row]))
  for (const name of drop) all.delete(name)
  return [...all.values()]
}
const agree = (rows: readonly McpToolRow[]): McpToolRow[] => rows.map((row) => ({ ...row, allowed: row.seen, allowedHash: row.seenHash }))
const states = (rows: readonly McpToolRow[]) => describeTools('s', rows, sha256).map(({ name, state }) => `${name} ${state}`)

describe('pinned tools', () => {
  it('are held when new, when changed in any part, and known again when they are as before', () => {
    const first = keep([], [definition('a'), definition('b')])
    expect(states(first)).toEqual(['s__a new', 's__b new'])
    const agreed = agree(first)
    expect(states(keep(agreed, [definition('a'), definition('b')]))).toEqual(['s__a allowed', 's__b allowed'])
    for (const other of [definition('a', 'more'), { ...definition('a'), title: 'T' }, { ...definition('a'), parameters: { type: 'object', properties: { path: { type: 'string' } } } }]) {
      const changed = keep(agreed, [other, definition('b')])
      expect(states(changed)).toEqual(['s__a changed', 's__b allowed'])
      expect(states(keep(changed, [definition('a'), definition('b')]))).toEqual(['s__a allowed', 's__b allowed'])
    }
  })

  it('that go and come back changed are not taken for the old ones', () => {
    const gone = keep(agree(keep([], [definition('a')])), [])
    expect(states(gone)).toEqual(['s__a gone'])
    expect(states(keep(gone, [definition('a', 'other')]))).toEqual(['s__a changed'])
    expect(keep(keep([], [definition('x')]), [])).toEqual([])
  })

  it('are never allowed by what a server says, whatever it says in which order', () => {
    const tools = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'a b', 'a_b', 'a.b'), description: fc.constantFrom('', 'x', 'y') }), { selector: ({ name }) => name })
    fc.assert(fc.property(fc.array(tools, { maxLength: 6 }), fc.nat(5), (lists, when) => {
      let rows: McpToolRow[] = []
      const agreed = new Set<string>()
      for (const [index, list] of lists.entries()) {
        rows = keep(rows, list.map(({ name, description }) => definition(name, description)))
        if (index === when) {
          rows = agree(rows.filter(({ present }) => present))
          for (const { seenHash } of rows) agreed.add(seenHash)
        }
      }
      for (const { state, hash } of describeTools('s', rows, sha256)) if (state === 'allowed') expect(agreed).toContain(hash)
      const offered = describeTools('s', rows, sha256).filter(({ state }) => state !== 'clash').map(({ name }) => name)
      expect(new Set(offered).size).toBe(offered.length)
    }))
  })
})

describe('what a tool says of itself', () => {
  it('gives a name that every provider takes, another one for each long one', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => { expect(mcpToolName('server', name, sha256)).toMatch(/^server__[A-Za-z0-9_-]*$/) }))
    expect(mcpToolName('s', `${'a'.repeat(100)}1`, sha256)).not.toBe(mcpToolName('s', `${'a'.repeat(100)}2`, sha256))
    expect(mcpToolName('s', 'a'.repeat(100), sha256).length).toBe(64)
  })

  it('has nothing in it that is not seen, anywhere, and ends where it is too long or too deep', () => {
    const hidden = '\u{E0041}\u200B\u202E\u0007'
    const cleaned = cleanDefinition({ name: 'a', title: `T${hidden}`, description: `x${hidden}y${'z'.repeat(10_000)}`, parameters: { [`k${hidden}`]: [`v${hidden}`, { deep: hidden }] } })
    expect(JSON.stringify(cleaned)).not.toMatch(/[\p{Cf}\u0007]/u)
    expect(cleaned?.description).toHaveLength(8001)
    expect(cleaned?.parameters).toEqual({ k: ['v', { deep: '' }], type: 'object' })
    for (const name of ['', 'a'.repeat(129), 'a\nb', `a${hidden}`]) expect(cleanDefinition(definition(name))).toBeNull()
    expect(cleanDefinition({ ...definition('a'), parameters: { text: 'x'.repeat(60_000) } })).toBeNull()
    expect(hashOf({ ...definition('a'), parameters: { b: 1, a: 2 } }, sha256)).toBe(hashOf({ ...definition('a'), parameters: { a: 2, b: 1 } }, sha256))
  })
})

it('secrets are taken out of what a server says, the longest first, and without what stands before a token', () => {
  const scrub = createScrub(['Bearer abcdef-123', 'abcdef', 'tiny', ''])
  expect(scrub('got Bearer abcdef-123, abcdef-123, abcdef and tiny')).toBe('got [secret], [secret], [secret] and tiny')
})
