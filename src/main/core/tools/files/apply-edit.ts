export interface Edit {
  readonly oldText: string
  readonly newText: string
  readonly replaceAll: boolean
}

export type EditResult =
  | { readonly kind: 'edited'; readonly text: string; readonly replacements: number; readonly line: number }
  | { readonly kind: 'missing'; readonly hint: string }
  | { readonly kind: 'ambiguous'; readonly lines: readonly number[]; readonly count: number }

const MOST_LINES_NAMED = 10
const LONGEST_HINT = 1_500

/**
 * Replaces text literally. In a file whose lines all end in CRLF, text that has no carriage return is taken as
 * meant for it. Not found or found more often than asked for changes nothing.
 */
export function applyEdit(text: string, edit: Edit): EditResult {
  const crlf = hasOnlyCrlf(text)
  const oldText = crlf ? withCrlf(edit.oldText) : edit.oldText
  const newText = crlf ? withCrlf(edit.newText) : edit.newText
  const found = findAll(text, oldText)
  const [first] = found.positions
  if (first === undefined) return { kind: 'missing', hint: nearMatch(text, edit.oldText) }
  if (!edit.replaceAll && found.count > 1) {
    return { kind: 'ambiguous', count: found.count, lines: found.positions.slice(0, MOST_LINES_NAMED).map((position) => lineOf(text, position)) }
  }
  if (!edit.replaceAll) {
    return { kind: 'edited', text: text.slice(0, first) + newText + text.slice(first + oldText.length), replacements: 1, line: lineOf(text, first) }
  }
  const parts = text.split(oldText)
  return { kind: 'edited', text: parts.join(newText), replacements: parts.length - 1, line: lineOf(text, first) }
}

function hasOnlyCrlf(text: string): boolean {
  return text.includes('\r\n') && !/(^|[^\r])\n/.test(text)
}

function withCrlf(text: string): string {
  return text.includes('\r') ? text : text.replaceAll('\n', '\r\n')
}

/** Overlapping places count too: which of them is meant is not known either. */
function findAll(text: string, wanted: string): { readonly positions: readonly number[]; readonly count: number } {
  const positions: number[] = []
  let count = 0
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    if (positions.length < MOST_LINES_NAMED) positions.push(at)
    count += 1
  }
  return { positions, count }
}

function lineOf(text: string, position: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

/** Where the text would be if white space did not count, or at least where it begins. */
function nearMatch(text: string, oldText: string): string {
  const lines = text.split('\n')
  const plain = lines.map(squeeze)
  const wanted = trimBlank(oldText.split('\n').map(squeeze))
  const [first] = wanted
  if (first === undefined) return ''
  const starts = plain.flatMap((line, index) => (line === first ? [index] : []))
  const whole = starts.find((start) => wanted.every((line, offset) => plain[start + offset] === line))
  if (whole !== undefined) {
    const actual = lines.slice(whole, whole + wanted.length).join('\n')
    const shown = actual.length > LONGEST_HINT ? `${actual.slice(0, LONGEST_HINT)}…` : actual
    return ` Line ${whole + 1} differs from it in white space only. The file has:\n${shown}`
  }
  const [start] = starts
  if (start !== undefined) {
    const offset = wanted.findIndex((line, index) => plain[start + index] !== line)
    return ` Its first line is line ${start + 1} of the file, but line ${start + 1 + offset} is:\n${(lines[start + offset] ?? '[end of file]').slice(0, 300)}`
  }
  const ignoringCase = plain.findIndex((line) => line.toLowerCase().includes(first.toLowerCase()))
  return ignoringCase === -1 ? '' : ` Line ${ignoringCase + 1} is similar:\n${(lines[ignoringCase] ?? '').slice(0, 300)}`
}

function squeeze(line: string): string {
  return line.replace(/\s+/g, ' ').trim()
}

function trimBlank(lines: readonly string[]): readonly string[] {
  const from = lines.findIndex((line) => line !== '')
  return from === -1 ? [] : lines.slice(from, lines.findLastIndex((line) => line !== '') + 1)
}
