import type { Hunk, LineCount } from '#contract/file-changes'

/** Lines with their ends, so that joined they are the text again. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? [])
}

/** Lines from `before` are replaced by lines from `after`; in order, never touching. */
export interface Edit {
  readonly before: number
  readonly removed: number
  readonly after: number
  readonly added: number
}

/** Beyond so many different lines the best way through is not looked for any more: what differs is one edit. */
const MOST_DIFFERENT = 1000

/** The fewest changes from one list to the other (Myers 1986). */
export function editsBetween(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  const left = before.slice(start, before.length - end)
  const right = after.slice(start, after.length - end)
  if (left.length === 0 && right.length === 0) return []
  const path = left.length === 0 || right.length === 0 ? null : shortestPath(left, right)
  const edits = path === null ? [{ before: 0, removed: left.length, after: 0, added: right.length }] : joined(path)
  return edits.map((edit) => ({ ...edit, before: edit.before + start, after: edit.after + start }))
}

interface Move {
  readonly before: number
  readonly after: number
  readonly kind: 'removed' | 'added'
}

/** Null when it is too long. Row `cost` of the trace holds the diagonals -cost-1 to cost+1, as they were before that round. */
function shortestPath(left: readonly string[], right: readonly string[]): Move[] | null {
  const most = Math.min(left.length + right.length, MOST_DIFFERENT)
  const middle = most + 1
  const furthest = new Int32Array(2 * most + 3)
  const trace: Int32Array[] = []
  for (let cost = 0; cost <= most; cost += 1) {
    trace.push(furthest.slice(middle - cost - 1, middle + cost + 2))
    for (let diagonal = -cost; diagonal <= cost; diagonal += 2) {
      const [below = 0, above = 0] = [furthest[middle + diagonal - 1], furthest[middle + diagonal + 1]]
      let x = goesDown(diagonal, cost, below, above) ? above : below + 1
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x += 1
      furthest[middle + diagonal] = x
      if (x >= left.length && x - diagonal >= right.length) return walkBack(trace, left.length, right.length)
    }
  }
  return null
}

function goesDown(diagonal: number, cost: number, below: number, above: number): boolean {
  return diagonal === -cost || (diagonal !== cost && below < above)
}

function walkBack(trace: readonly Int32Array[], length: number, otherLength: number): Move[] {
  const moves: Move[] = []
  let x = length
  let y = otherLength
  for (let cost = trace.length - 1; cost > 0; cost -= 1) {
    const row = trace[cost]
    const diagonal = x - y
    const [below = 0, above = 0] = [row?.[diagonal + cost], row?.[diagonal + cost + 2]]
    const down = goesDown(diagonal, cost, below, above)
    x = down ? above : below
    y = x - (down ? diagonal + 1 : diagonal - 1)
    moves.push({ before: x, after: y, kind: down ? 'added' : 'removed' })
  }
  return moves.reverse()
}

function joined(moves: readonly Move[]): Edit[] {
  const edits: { before: number; removed: number; after: number; added: number }[] = []
  for (const { before, after, kind } of moves) {
    const last = edits.at(-1)
    const edit = last && last.before + last.removed === before && last.after + last.added === after ? last : { before, removed: 0, after, added: 0 }
    if (edit !== last) edits.push(edit)
    edit[kind] += 1
  }
  return edits
}

const CONTEXT = 3

/** Edits with three lines around them; edits that are near share a hunk. */
export function hunksBetween(beforeText: string, afterText: string): Hunk[] {
  const before = linesOf(beforeText)
  const after = linesOf(afterText)
  const groups: Edit[][] = []
  for (const edit of editsBetween(before, after)) {
    const last = groups.at(-1)?.at(-1)
    if (last && edit.before - (last.before + last.removed) <= 2 * CONTEXT) groups.at(-1)?.push(edit)
    else groups.push([edit])
  }
  return groups.map((group) => toHunk(before, after, group))
}

function toHunk(before: readonly string[], after: readonly string[], edits: readonly Edit[]): Hunk {
  const [first] = edits
  const last = edits.at(-1)
  if (!first || !last) throw new Error('a hunk has an edit')
  const from = Math.max(0, first.before - CONTEXT)
  const to = Math.min(before.length, last.before + last.removed + CONTEXT)
  const afterFrom = first.after - (first.before - from)
  const lines: Hunk['lines'] = []
  const push = (kind: Hunk['lines'][number]['kind'], source: readonly string[]) => { for (const line of source) lines.push({ kind, text: withoutEnd(line) }) }
  let at = from
  for (const edit of edits) {
    push('same', before.slice(at, edit.before))
    push('removed', before.slice(edit.before, edit.before + edit.removed))
    push('added', after.slice(edit.after, edit.after + edit.added))
    at = edit.before + edit.removed
  }
  push('same', before.slice(at, to))
  const afterLines = lines.filter(({ kind }) => kind !== 'removed').length
  return { id: hunkId(first, last), beforeStart: from + 1, beforeLines: to - from, afterStart: afterFrom + 1, afterLines, lines }
}

function hunkId(first: Edit, last: Edit): string {
  return `${first.before}-${last.before + last.removed}:${first.after}-${last.after + last.added}`
}

function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, '')
}

/** `before` with only these hunks applied. Ids that are not known are left out. */
export function applyHunks(beforeText: string, afterText: string, ids: ReadonlySet<string>): string {
  const before = linesOf(beforeText)
  const after = linesOf(afterText)
  const parts: string[] = []
  let at = 0
  for (const hunk of hunksBetween(beforeText, afterText)) {
    if (!ids.has(hunk.id)) continue
    const from = hunk.beforeStart - 1
    parts.push(...before.slice(at, from), ...after.slice(hunk.afterStart - 1, hunk.afterStart - 1 + hunk.afterLines))
    at = from + hunk.beforeLines
  }
  return [...parts, ...before.slice(at)].join('')
}

export function countLines(beforeText: string, afterText: string): LineCount {
  const edits = editsBetween(linesOf(beforeText), linesOf(afterText))
  return { added: edits.reduce((sum, edit) => sum + edit.added, 0), removed: edits.reduce((sum, edit) => sum + edit.removed, 0) }
}

/** Null for what is no text. */
export function toText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  const text = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false }).decode(bytes)
  return text.includes('\ufffd') && new TextEncoder().encode(text).length !== bytes.length ? null : text
}
