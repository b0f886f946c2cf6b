import { type JsonMember, type JsonNode, parseJsonc } from './jsonc'

type Values = Readonly<Record<string, unknown>>

interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The text with the values of `after` where they differ from `before`; comments, order, and keys that neither knows stay.
 * The text must hold an object.
 */
export function editJsonc(text: string, before: Values, after: Values): string {
  const parsed = parseJsonc(text)
  if ('problem' in parsed || parsed.root.kind !== 'object') throw new Error('only an object can be edited')
  const splices = spliceObject(text, parsed.root, before, after, 1)
  return splices.toSorted((left, right) => right.start - left.start).reduce((edited, { start, end, text: part }) => edited.slice(0, start) + part + edited.slice(end), text)
}

function spliceObject(text: string, object: Extract<JsonNode, { kind: 'object' }>, before: Values, after: Values, depth: number): Splice[] {
  const members = new Map(object.members.map((member) => [member.key, member]))
  const changed = Object.keys(after).filter((key) => !isEqual(before[key], after[key]))
  const changes = changed.flatMap((key) => {
    const member = members.get(key)
    return member === undefined ? [] : spliceValue(text, member.node, before[key], after[key], depth)
  })
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key)).flatMap((key) => members.get(key) ?? [])
  const added = changed.filter((key) => !members.has(key)).map((key) => `${JSON.stringify(key)}: ${print(after[key], depth)}`)
  return [...changes, ...removed.map((member) => spliceAway(text, member)), ...(added.length === 0 ? [] : [addTo(text, object, added, depth)])]
}

function spliceValue(text: string, node: JsonNode, before: unknown, after: unknown, depth: number): Splice[] {
  if (node.kind === 'object' && isValues(before) && isValues(after)) return spliceObject(text, node, before, after, depth + 1)
  return [{ start: node.start, end: node.end, text: print(after, depth) }]
}

/** With the comma behind it, and the line when nothing else is on it. */
function spliceAway(text: string, { start, node }: JsonMember): Splice {
  const comma = /\s*,/y
  comma.lastIndex = node.end
  const end = node.end + (comma.exec(text)?.[0].length ?? 0)
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const isAlone = text.slice(lineStart, start).trim() === '' && /^[ \t]*\r?\n/.test(text.slice(end))
  return isAlone ? { start: lineStart, end: text.indexOf('\n', end) + 1, text: '' } : { start, end, text: '' }
}

function addTo(text: string, object: Extract<JsonNode, { kind: 'object' }>, added: readonly string[], depth: number): Splice {
  const indent = '  '.repeat(depth)
  const last = object.members.at(-1)
  const list = added.join(`,\n${indent}`)
  if (last === undefined) {
    // Comments in an empty object stay in front of what is added.
    const inside = text.slice(object.start + 1, object.end - 1).trimEnd()
    return { start: object.start + 1 + inside.length, end: object.end, text: `\n${indent}${list}\n${'  '.repeat(depth - 1)}}` }
  }
  const comma = /\s*,/y
  comma.lastIndex = last.node.end
  const trailing = comma.exec(text)?.[0].length ?? 0
  const at = last.node.end + trailing
  return { start: at, end: at, text: `${trailing === 0 ? ',' : ''}\n${indent}${list}${trailing === 0 ? '' : ','}` }
}

function print(value: unknown, depth: number): string {
  return (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', `\n${'  '.repeat(depth)}`)
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Of what JSON can hold. */
export function isEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
