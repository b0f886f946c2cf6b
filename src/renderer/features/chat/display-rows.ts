import { definitionsOf } from '../../components/markdown/markdown'
import type { Definitions } from '../../components/markdown/lex'
import { noDefinitions } from '../../components/markdown/lex'
import { softPartChars, splitParts, type TextPart } from '../../components/markdown/split'
import type { Row } from './conversation'
import type { LiveParts } from './live-parts'

type Spoken = Extract<Row, { readonly kind: 'assistant' | 'partial' | 'live' }>

/** One item of the list. A long reply is several, so that only what is in sight of it is laid out. */
export type DisplayRow =
  | { readonly kind: 'row'; readonly key: string; readonly row: Exclude<Row, Spoken>; readonly height: number }
  | {
      readonly kind: 'part'
      readonly key: string
      readonly row: Spoken
      readonly index: number
      readonly isLast: boolean
      /** Null while it is written: then `live` has it. */
      readonly part: TextPart | null
      readonly definitions: Definitions
      readonly live: LiveParts | null
      readonly height: number
    }

const known = new WeakMap<Row, readonly DisplayRow[]>()

/** What the list shows. `liveCount`: of how many parts the growing reply consists by now. */
export function displayRows(rows: readonly Row[], live: LiveParts | null, liveCount: number): readonly DisplayRow[] {
  return rows.flatMap((row) => {
    if (row.kind === 'live') return liveRows(row, live, liveCount)
    const shown = known.get(row) ?? staticRows(row)
    known.set(row, shown)
    return shown
  })
}

function staticRows(row: Exclude<Row, { readonly kind: 'live' }>): readonly DisplayRow[] {
  if (row.kind !== 'assistant' && row.kind !== 'partial') return [{ kind: 'row', key: row.key, row, height: estimateRow(row) }]
  const text = row.kind === 'assistant' ? row.payload.text : row.text
  const parts = text.length <= softPartChars ? [{ start: 0, text, prefix: '' }] : splitParts(text)
  const definitions = parts.length === 1 && !text.includes(']:') ? noDefinitions : definitionsOf(parts)
  // A reply keeps the keys, and so the measured heights, that it had while it was written.
  const base = row.kind === 'assistant' ? row.entry.stepId ?? row.key : row.key
  return parts.map((part, index) => ({
    kind: 'part', key: `${base} ${index}`, row, index, isLast: index === parts.length - 1, part, definitions, live: null, height: 34 + estimateText(part.text),
  }))
}

function liveRows(row: Extract<Row, { readonly kind: 'live' }>, live: LiveParts | null, count: number): readonly DisplayRow[] {
  return Array.from({ length: Math.max(1, count) }, (_, index) => ({
    kind: 'part', key: `${row.step.id} ${index}`, row, index, isLast: index === Math.max(1, count) - 1, part: null, definitions: noDefinitions, live, height: 60,
  }))
}

function estimateRow(row: Exclude<Row, Spoken>): number {
  if (row.kind === 'tool') return row.request === null ? 44 : 260
  return row.kind === 'user' ? 60 + Math.min(1_600, estimateText(row.payload.text.slice(0, 6_000))) : 40
}

const charsPerLine = 92
const lineHeight = 23

/** About how high a text is, in pixels. */
function estimateText(text: string): number {
  let lines = 0
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at)
    const length = (end === -1 ? text.length : end) - at
    lines += length === 0 ? 0.5 : Math.ceil(length / charsPerLine)
    if (end === -1) break
    at = end + 1
  }
  return Math.ceil(lines) * lineHeight
}

/** Where an entry is shown; -1 when it is not. A message without words is shown by its first call. */
export function rowOfEntry(rows: readonly DisplayRow[], entryId: string): number {
  return rows.findIndex(({ row }) => {
    if (row.kind === 'tool') return row.resultEntryId === entryId || row.entryId === entryId
    return 'entry' in row && row.entry.id === entryId
  })
}
