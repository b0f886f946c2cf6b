import { MAX_STATEMENTS, type Mention, type Statement, StatementSchema, type StatementInput } from '#contract/statements'
import { fold } from '../words'
import { entityKey, nameKey } from './keys'

/** The person themselves. */
export const YOU: Mention = { name: 'You', type: 'person' }

type Read = (groups: Readonly<Record<string, string>>) => StatementInput | null

const thing = (name: string) => String.raw`(?<${name}>(?:[\p{L}\p{N}][^\s,;:()?!"]*)(?: [^\s,;:()?!"]+){0,4}?)`
const mention = (name: string) => String.raw`(?<${name}>[^:→=\[\]]{1,120}?)(?: \[(?<${name}Type>[^\]]{1,40})\])?`
const verbs = [
  'uses', 'runs on', 'runs in', 'depends on', 'deploys to', 'requires', 'belongs to', 'is part of', 'connects to', 'talks to', 'is written in', 'is hosted on', 'is maintained by',
  'is owned by', 'is managed by', 'works at', 'works on', 'works with', 'works for', 'lives in', 'reports to', 'supports', 'replaces', 'contains', 'is made of', 'is located in', 'is based on',
].join('|')

/** In order; the first that a sentence fits counts. */
const patterns: readonly (readonly [RegExp, Read])[] = [
  // What `sayStatement` writes.
  [new RegExp(String.raw`^${mention('about')}: (?<attribute>[^=]{1,80}?) = (?<value>.+)$`, 'u'), ({ about, aboutType, attribute, value }) => ({ kind: 'fact', about: { name: about ?? '', type: aboutType ?? '' }, attribute: attribute ?? '', value: value ?? '' })],
  [new RegExp(String.raw`^${mention('from')} → (?<type>[^→]{1,80}?) → ${mention('to')}(?: \([^()]*\))?$`, 'u'), ({ from, fromType, type, to, toType }) => ({ kind: 'relation', from: { name: from ?? '', type: fromType ?? '' }, type: type ?? '', to: { name: to ?? '', type: toType ?? '' } })],
  [new RegExp(String.raw`^${mention('about')},? (?:is )?also (?:called|known as) (?<aliases>.{1,300})$`, 'u'), ({ about, aboutType, aliases }) => ({ kind: 'entity', about: { name: about ?? '', type: aboutType ?? '' }, aliases: (aliases ?? '').split(/, | and /).slice(0, 10) })],
  // What people and agents write.
  [/^my (?<attribute>name|job|role|editor|time ?zone|language|pronouns|team|city|country|birthday|shell|phone|e-?mail(?: address)?) (?:is|are) (?<value>.{1,120})$/iu, ({ attribute, value }) => ({ kind: 'fact', about: YOU, attribute: attribute ?? '', value: value ?? '' })],
  [/^i (?:really |usually |always |mostly |only )?(?<type>prefer|like|love|use|dislike|hate|work at|work for|work on|work with|live in) (?<to>(?!to |it |this |that |when |how |if )[^,;:]{1,60})$/iu, ({ type, to }) => ({ kind: 'relation', from: YOU, type: type ?? '', to: { name: to ?? '' } })],
  [new RegExp(`^(?:the )?${thing('about')} listens on (?:port )?(?<value>\\d{1,5})$`, 'iu'), ({ about, value }) => ({ kind: 'fact', about: { name: about ?? '' }, attribute: 'port', value: value ?? '' })],
  [new RegExp(`^the (?<attribute>[\\p{L}][\\p{L} -]{0,39}?) (?:of|for) (?:the )?${thing('about')} is (?<value>.{1,200})$`, 'iu'), ({ about, attribute, value }) => ({ kind: 'fact', about: { name: about ?? '' }, attribute: attribute ?? '', value: value ?? '' })],
  [new RegExp(`^(?:the )?${thing('about')}['’]s (?<attribute>[\\p{L}][\\p{L} -]{0,39}?) is (?<value>.{1,200})$`, 'iu'), ({ about, attribute, value }) => ({ kind: 'fact', about: { name: about ?? '' }, attribute: attribute ?? '', value: value ?? '' })],
  [new RegExp(`^(?:the )?${thing('from')} (?:always |only |now )?(?<type>${verbs}) (?:the )?(?<to>[^,;:?!]{1,60})$`, 'iu'), ({ from, type, to }) => ({ kind: 'relation', from: { name: from ?? '' }, type: type ?? '', to: { name: to ?? '' } })],
  [/^(?<name>\p{Lu}[^\s,;:]*(?: \p{Lu}[^\s,;:]*){0,3}) is (?:an?|the|our|my) (?<type>[\p{L}-]{2,40}(?: [\p{L}-]{2,40})?)$/u, ({ name, type }) => ({ kind: 'entity', about: { name: name ?? '', type: type ?? '' } })],
]

/** What is no name: it stands for another thing in each text. */
const vague = new Set([
  'it', 'this', 'that', 'these', 'those', 'he', 'she', 'they', 'we', 'i', 'one', 'which', 'who', 'what', 'there', 'here', 'everything', 'something', 'nothing', 'all', 'project', 'repo', 'repository', 'app', 'codebase',
  'team', 'file', 'folder', 'code', 'page', 'user', 'agent', 'result', 'answer', 'script', 'command', 'test', 'tests', 'build', 'this project', 'this repo', 'this folder', 'our team', 'our project',
])
const LONGEST_TEXT = 4_000
const LONGEST_SENTENCE = 300

/** What a text says of things, as far as rules understand it: plain sentences, and every line that `sayStatement` writes. */
export function readStatements(text: string): Statement[] {
  const found = new Map<string, Statement>()
  for (const line of text.slice(0, LONGEST_TEXT).split('\n')) {
    for (const sentence of line.includes(' = ') || line.includes(' → ') ? [line] : line.split(/(?<=[.!])\s+|;\s+/)) {
      const statement = readSentence(sentence.trim().replace(/^[-*•]\s+/, '').replace(/[.!]+$/, ''))
      if (statement) found.set(statementKey(statement), statement)
      if (found.size >= MAX_STATEMENTS) return [...found.values()]
    }
  }
  return [...found.values()]
}

function readSentence(sentence: string): Statement | null {
  if (sentence.length < 5 || sentence.length > LONGEST_SENTENCE || sentence.endsWith('?')) return null
  for (const [looks, read] of patterns) {
    const match = looks.exec(sentence)
    const statement = match?.groups && StatementSchema.safeParse(read(match.groups))
    if (statement) return statement.success && mentionsOf(statement.data).every(({ name }) => !vague.has(entityKey(name))) ? statement.data : null
  }
  return null
}

/** What a text says after it was changed: of what it said before, that of which it still has the names and the value; the rest is read anew. */
export function followText(text: string, before: readonly Statement[]): Statement[] {
  const read = readStatements(text)
  const [keys, matters] = [new Set(read.map(statementKey)), new Set(read.map(matterOf))]
  const folded = fold(text)
  const kept = before.filter((statement) => keys.has(statementKey(statement)) || (!matters.has(matterOf(statement)) && partsOf(statement).every((part) => folded.includes(part))))
  return united(kept, read)
}

/** Those of both, the first of what both say. */
export function united(...lists: readonly (readonly Statement[])[]): Statement[] {
  const all = new Map<string, Statement>()
  for (const statement of lists.flat()) if (!all.has(statementKey(statement))) all.set(statementKey(statement), statement)
  return [...all.values()].slice(0, MAX_STATEMENTS)
}

/** What it says something about: a newer one of the same matter takes its place. */
function matterOf(statement: Statement): string {
  switch (statement.kind) {
    case 'entity': return `entity ${entityKey(statement.about.name)}`
    case 'fact': return `fact ${JSON.stringify([entityKey(statement.about.name), nameKey(statement.attribute)])}`
    case 'relation': return `relation ${JSON.stringify([entityKey(statement.from.name), entityKey(statement.to.name)])}`
  }
}

function partsOf(statement: Statement): string[] {
  const names = mentionsOf(statement).map(({ name }) => entityKey(name)).filter((key) => key !== entityKey(YOU.name))
  return [...names, ...(statement.kind === 'fact' ? [fold(statement.value)] : statement.kind === 'entity' ? statement.aliases.map(entityKey) : [])]
}

export function mentionsOf(statement: Statement): readonly Mention[] {
  return statement.kind === 'relation' ? [statement.from, statement.to] : [statement.about]
}

/** Two with the same key say the same. */
export function statementKey(statement: Statement): string {
  switch (statement.kind) {
    case 'entity': return JSON.stringify([entityKey(statement.about.name), statement.aliases.map(entityKey)])
    case 'fact': return JSON.stringify([entityKey(statement.about.name), entityKey(statement.attribute), entityKey(statement.value)])
    case 'relation': return JSON.stringify([entityKey(statement.from.name), entityKey(statement.type), entityKey(statement.to.name), 'to'])
  }
}
