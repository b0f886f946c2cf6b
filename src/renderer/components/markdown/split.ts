/** A stretch of a long text that is laid out by itself. Parts follow each other without a gap and never change once the next one has begun. */
export interface TextPart {
  readonly start: number
  readonly text: string
  /** What a fence or a table that began in an earlier part has to be told again: its first line, or its head. */
  readonly prefix: string
}

/** Where a new part begins as soon as the text allows it. */
export const softPartChars = 3_500
/** Where it begins in any case. */
export const hardPartChars = 9_000
/** Tables are kept together for longer. */
const tablePartChars = 24_000
const maxHeadChars = 2_000

interface Scan {
  /** End of the last complete line that was looked at. */
  readonly at: number
  readonly partStart: number
  readonly prefix: string
  readonly fence: { readonly marker: string; readonly indent: number; readonly line: string } | null
  readonly table: { readonly head: string } | null
  readonly isAfterBlank: boolean
  readonly isInList: boolean
  readonly previous: string
}

const begin: Scan = { at: 0, partStart: 0, prefix: '', fence: null, table: null, isAfterBlank: false, isInList: false, previous: '' }

export interface PartSplitter {
  /** The parts of the text, which continues the text of the last call or is another one. */
  update(text: string): readonly TextPart[]
}

/** Splits a text that grows. What it costs is the new text, not the whole. */
export function createPartSplitter(): PartSplitter {
  let seen = ''
  let parts: readonly TextPart[] = []
  let scan = begin
  const update = (text: string): readonly TextPart[] => {
    if (text === seen && parts.length > 0) return parts
    if (!continues(text, seen)) [parts, scan] = [[], begin]
    const closed: TextPart[] = []
    const cut = (state: Scan, end: number, prefix: string): Scan => {
      closed.push({ start: state.partStart, text: text.slice(state.partStart, end), prefix: state.prefix })
      return { ...state, partStart: end, prefix }
    }
    for (let end = text.indexOf('\n', scan.at); end !== -1; end = text.indexOf('\n', scan.at)) scan = takeLine(scan, text, end + 1, cut)
    // A line without an end is only ever cut where it would be cut with one.
    scan = cutLong(scan, text, text.length, cut)
    // The open part is the last one of the list.
    const settled = closed.length === 0 ? parts.slice(0, -1) : [...parts.slice(0, -1), ...closed]
    parts = [...settled, { start: scan.partStart, text: text.slice(scan.partStart), prefix: scan.prefix }]
    seen = text
    return parts
  }
  return { update }
}

/** The parts of a text that is whole. */
export function splitParts(text: string): readonly TextPart[] {
  return createPartSplitter().update(text)
}

/** Compared at its ends only: a text that is written grows at its end, and another one begins or was cut elsewhere. */
function continues(text: string, seen: string): boolean {
  if (text.length < seen.length || seen === '') return seen === ''
  return text.startsWith(seen.slice(0, 64)) && text.startsWith(seen.slice(-256), Math.max(0, seen.length - 256))
}

type Cut = (state: Scan, end: number, prefix: string) => Scan

function takeLine(before: Scan, text: string, end: number, cut: Cut): Scan {
  const line = text.slice(before.at, Math.min(end - 1, before.at + maxHeadChars))
  let scan = before
  if (scan.fence === null && scan.isAfterBlank && isBeginning(line, scan.isInList) && scan.at - scan.partStart >= softPartChars) scan = cut(scan, scan.at, '')
  scan = cutLong(scan, text, end, cut)
  return { ...scan, at: end, ...stateAfter(scan, line) }
}

/** Nothing before this line can still belong to it. */
function isBeginning(line: string, isInList: boolean): boolean {
  if (line === '' || /^[\s]/.test(line)) return false
  return !(isInList && listItem.test(line))
}

const listItem = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/
const fenceLine = /^(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*)(`{3,}|~{3,})([^`]*)$/
const delimiterRow = /^[\s:|-]+$/

function stateAfter({ fence, table, isInList, previous }: Scan, line: string): Pick<Scan, 'fence' | 'table' | 'isAfterBlank' | 'isInList' | 'previous'> {
  if (fence !== null && !(fence.indent > 0 && /^\S/.test(line) && !line.startsWith(fence.marker))) {
    const isClosed = line.trim().startsWith(fence.marker) && new RegExp(`^\\${fence.marker[0] ?? '`'}+$`).test(line.trim())
    return { fence: isClosed ? null : fence, table: null, isAfterBlank: false, isInList, previous: '' }
  }
  const isBlank = line.trim() === ''
  const opened = fenceLine.exec(line)
  const isHead = table === null && line.includes('|') && line.includes('-') && delimiterRow.test(line) && previous.includes('|')
  return {
    fence: opened === null ? null : { marker: opened[2] ?? '', indent: (opened[1] ?? '').length, line: line.trim() },
    table: isHead ? { head: `${previous}\n${line}\n` } : isBlank ? null : table,
    isAfterBlank: isBlank,
    isInList: listItem.test(line) || (isInList && (isBlank || /^\s/.test(line))),
    previous: isBlank ? '' : line,
  }
}

/** Cuts where the line begins, and then inside of it, until what is open has room. */
function cutLong(before: Scan, text: string, end: number, cut: Cut): Scan {
  const limit = before.table === null ? hardPartChars : tablePartChars
  let scan = before
  const prefix = (): string => scan.fence !== null ? `${scan.fence.line}\n` : scan.table?.head ?? ''
  if (end - scan.partStart > limit && scan.at > scan.partStart) scan = cut(scan, scan.at, prefix())
  while (end - scan.partStart > hardPartChars && end - scan.at > hardPartChars) {
    const at = scan.partStart + hardPartChars
    scan = cut(scan, isLowSurrogate(text, at) ? at - 1 : at, scan.fence === null ? '' : prefix())
  }
  return scan
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}
