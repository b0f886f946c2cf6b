/**
 * JSON with comments and trailing commas, with the place of everything in the text, so that one value can be changed and
 * the rest stays as its author wrote it.
 */
export type JsonNode =
  | { readonly kind: 'object'; readonly start: number; readonly end: number; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly start: number; readonly end: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'value'; readonly start: number; readonly end: number; readonly value: string | number | boolean | null }

export interface JsonMember {
  readonly key: string
  readonly start: number
  readonly node: JsonNode
}

export interface JsonProblem {
  readonly message: string
  readonly offset: number
}

export type ParsedJson = { readonly root: JsonNode } | { readonly problem: JsonProblem }

const MAX_DEPTH = 64

/** Never throws. The problem is the first one, at the place where it was noticed. */
export function parseJsonc(text: string): ParsedJson {
  try {
    const reader = createReader(text)
    reader.skip()
    const root = reader.node(0)
    reader.skip()
    if (reader.at() < text.length) throw new Problem('Nothing may follow the closing bracket.', reader.at())
    return { root }
  } catch (error) {
    if (error instanceof Problem) return { problem: { message: error.message, offset: error.offset } }
    throw error
  }
}

export function jsonValue(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object': return Object.fromEntries(node.members.map(({ key, node: member }) => [key, jsonValue(member)]))
    case 'array': return node.items.map(jsonValue)
    case 'value': return node.value
  }
}

/** Lines and columns begin at 1. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

class Problem extends Error {
  constructor(message: string, readonly offset: number) {
    super(message)
  }
}

function createReader(text: string) {
  let position = text.startsWith('\uFEFF') ? 1 : 0

  const fail = (message: string, offset = position): never => {
    throw new Problem(message, offset)
  }
  const skip = (): void => {
    position = afterSpace(text, position)
  }
  const string = (): string => {
    const literal = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y
    literal.lastIndex = position
    const found = literal.exec(text)?.[0]
    if (found === undefined) return fail('This text is not closed, or has a line break in it.')
    const value = decode(found)
    if (typeof value !== 'string') return fail('There is an unknown escape (\\) in this text.')
    position += found.length
    return value
  }
  const scalar = (): JsonNode => {
    const start = position
    if (text[position] === '"') {
      const value = string()
      return { kind: 'value', start, end: position, value }
    }
    const word = /[^\s,:{}[\]"/]+/y
    word.lastIndex = position
    const found = word.exec(text)?.[0] ?? ''
    if (found === '') fail(position >= text.length ? 'The file ends too early; a bracket is not closed.' : `“${text[position] ?? ''}” is not expected here.`)
    const value = decode(found)
    if (value === undefined || typeof value === 'object' && value !== null) return fail(`“${found.slice(0, 30)}” is no value. Texts need quotation marks.`)
    position += found.length
    return { kind: 'value', start, end: position, value: typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null }
  }
  const items = (close: string, item: () => void): void => {
    position += 1
    for (;;) {
      skip()
      if (text[position] === close) break
      item()
      skip()
      if (text[position] === ',') position += 1
      else if (text[position] !== close) fail(position >= text.length ? 'The file ends too early; a bracket is not closed.' : 'A comma or a closing bracket is missing here.')
    }
    position += 1
  }
  const node = (depth: number): JsonNode => {
    if (depth > MAX_DEPTH) fail('This is nested too deeply.')
    const start = position
    if (text[position] === '{') {
      const members: JsonMember[] = []
      items('}', () => members.push(member(depth, members)))
      return { kind: 'object', start, end: position, members }
    }
    if (text[position] === '[') {
      const list: JsonNode[] = []
      items(']', () => list.push(node(depth + 1)))
      return { kind: 'array', start, end: position, items: list }
    }
    return scalar()
  }
  const member = (depth: number, before: readonly JsonMember[]): JsonMember => {
    const start = position
    if (position >= text.length) fail('The file ends too early; a bracket is not closed.')
    if (text[position] !== '"') fail('A name in quotation marks is expected here.')
    const key = string()
    if (before.some((other) => other.key === key)) fail(`“${key}” is here twice.`, start)
    skip()
    if (text[position] !== ':') fail('A colon is missing here.')
    position += 1
    skip()
    return { key, start, node: node(depth + 1) }
  }
  return { skip, node, at: () => position }
}

/** Behind white space and comments. */
function afterSpace(text: string, from: number): number {
  let position = from
  for (;;) {
    const space = /\s*/y
    space.lastIndex = position
    position += space.exec(text)?.[0].length ?? 0
    const isLine = text.startsWith('//', position)
    if (!isLine && !text.startsWith('/*', position)) return position
    const end = text.indexOf(isLine ? '\n' : '*/', position + 2)
    if (end === -1 && !isLine) throw new Problem('This comment is not closed.', position)
    position = end === -1 ? text.length : end + (isLine ? 0 : 2)
  }
}

/** A scalar as JSON reads it; undefined where it is none. */
function decode(literal: string): unknown {
  try {
    return JSON.parse(literal)
  } catch {
    return undefined
  }
}
