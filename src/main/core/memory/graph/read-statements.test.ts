import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Statement, StatementSchema } from '#contract/statements'
import { sayStatement } from '#contract/statement-words'
import { followText, readStatements } from './read-statements'

const about = (name: string, type = '') => ({ name, type })
const said: readonly (readonly [string, Statement])[] = [
  ['The harbour server listens on port 3000.', { kind: 'fact', about: about('harbour server'), attribute: 'port', value: '3000' }],
  ['The owner of the crane is Ana.', { kind: 'fact', about: about('crane'), attribute: 'owner', value: 'Ana' }],
  ["Ana's favourite colour is blue", { kind: 'fact', about: about('Ana'), attribute: 'favourite colour', value: 'blue' }],
  ['My editor is Helix.', { kind: 'fact', about: about('You', 'person'), attribute: 'editor', value: 'Helix' }],
  ['I prefer tabs over spaces', { kind: 'relation', from: about('You', 'person'), type: 'prefer', to: about('tabs over spaces'), properties: {} }],
  ['The harbour server runs on Debian 12.', { kind: 'relation', from: about('harbour server'), type: 'runs on', to: about('Debian 12'), properties: {} }],
  ['Ana is a pilot', { kind: 'entity', about: about('Ana', 'pilot'), aliases: [] }],
  ['Harbour server [service], also called harbord, HS', { kind: 'entity', about: about('Harbour server', 'service'), aliases: ['harbord', 'HS'] }],
]
for (const [text, statement] of said) it(`reads “${text}”`, () => expect(readStatements(text)).toEqual([statement]))

it('takes nothing from questions, pronouns and what is only about the text itself', () => {
  for (const text of ['It runs on Debian.', 'Does the server run on Debian?', 'The project uses pnpm.', 'I use it when I can', 'Deployments happen on Fridays.', '', 'x'.repeat(500)]) expect(readStatements(text)).toEqual([])
})

it('understands what it writes itself, whatever the names', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9#+][A-Za-z0-9#+ -]{0,20}[A-Za-z0-9#+]$/).filter((text) => !/ {2}|\b(also|is)\b/i.test(text))
  const mention = fc.record({ name, type: fc.constantFrom('', 'service', 'person') })
  const statement = fc.oneof(
    fc.record({ kind: fc.constant('fact' as const), about: mention, attribute: name, value: name }),
    fc.record({ kind: fc.constant('relation' as const), from: mention, type: name, to: mention, properties: fc.constant({}) }),
  )
  fc.assert(fc.property(statement, (input) => {
    const parsed = StatementSchema.parse(input)
    const [read] = readStatements(sayStatement(parsed))
    if (read) expect(read).toEqual(parsed)
  }))
})

it('keeps types and properties of what a changed text still says, and follows the rest', () => {
  const relation: Statement = { kind: 'relation', from: about('crane', 'machine'), type: 'needs', to: about('oil'), properties: { litres: '3' } }
  const fact: Statement = { kind: 'fact', about: about('crane', 'machine'), attribute: 'colour', value: 'red' }
  const text = `${sayStatement(relation)}\n${sayStatement(fact)}`
  expect(followText(text, [relation, fact])).toEqual([relation, fact])
  expect(followText(text.replace('red', 'blue'), [relation, fact])).toEqual([relation, { ...fact, value: 'blue' }])
  expect(followText('Nothing of the kind', [relation, fact])).toEqual([])
})
