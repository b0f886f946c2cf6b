import { withoutSecrets } from '../sessions/export/redact'

const MOST_CHARS = 8000
const LONGEST_TEXT = 2000
/** More than what looks like a key is long. */
const BEYOND = 400
const DEEPEST = 20
const MOST_ITEMS = 200

/** The facts of a record as the text that is kept and hashed: bounded, and without what looks like a key. */
export function factsText(content: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(bounded(content, 0))
  return wellFormed(text.length <= MOST_CHARS ? text : JSON.stringify({ cut: `The first ${MOST_CHARS} of ${text.length} characters`, text: wellFormed(text.slice(0, MOST_CHARS)) }))
}

/** Half characters are not given back by the database as they were. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD')
}

function bounded(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return shortened(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEEPEST) return '…'
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => bounded(item, depth + 1))
  return Object.fromEntries(Object.entries(value).slice(0, MOST_ITEMS).map(([key, item]) => [shortened(key), bounded(item, depth + 1)]))
}

function shortened(text: string): string {
  const clean = withoutSecrets(text.slice(0, LONGEST_TEXT + BEYOND))
  return clean.length <= LONGEST_TEXT ? clean : `${clean.slice(0, LONGEST_TEXT)}… (${text.length} characters)`
}
