export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
  /** Line numbers, from 1; null on the side that has no such line. */
  readonly before: number | null
  readonly after: number | null
}

/** `gap`: so many equal lines that are not shown. */
export type DiffPart = { readonly kind: 'lines'; readonly lines: readonly DiffLine[] } | { readonly kind: 'gap'; readonly count: number }

export interface LineDiff {
  readonly added: number
  readonly removed: number
  readonly parts: readonly DiffPart[]
}

/** Above this many cells the middle is shown as removed and added whole: the comparison must never hold up the window. */
const maxCells = 4_000_000
const contextLines = 3

export function lineDiff(before: string, after: string): LineDiff {
  const lines = compare(splitLines(before), splitLines(after))
  return {
    added: lines.filter((line) => line.kind === 'added').length,
    removed: lines.filter((line) => line.kind === 'removed').length,
    parts: fold(lines),
  }
}

function splitLines(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split(/\r\n|\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function compare(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const shortest = Math.min(before.length, after.length)
  let head = 0
  while (head < shortest && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < shortest - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  const kinds = [
    ...Array<DiffLine['kind']>(head).fill('same'),
    ...middleKinds(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...Array<DiffLine['kind']>(tail).fill('same'),
  ]
  return numberLines(kinds, before, after)
}

function middleKinds(before: readonly string[], after: readonly string[]): readonly DiffLine['kind'][] {
  if (before.length * after.length > maxCells) {
    return [...Array<DiffLine['kind']>(before.length).fill('removed'), ...Array<DiffLine['kind']>(after.length).fill('added')]
  }
  const width = after.length + 1
  // common[row * width + column]: longest common subsequence of the rests from there on.
  const common = new Uint32Array((before.length + 1) * width)
  const at = (row: number, column: number): number => common[row * width + column] ?? 0
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        before[row] === after[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const kinds: DiffLine['kind'][] = []
  let row = 0
  let column = 0
  while (row < before.length || column < after.length) {
    if (row < before.length && column < after.length && before[row] === after[column]) {
      kinds.push('same')
      row += 1
      column += 1
    } else if (column >= after.length || (row < before.length && at(row + 1, column) >= at(row, column + 1))) {
      kinds.push('removed')
      row += 1
    } else {
      kinds.push('added')
      column += 1
    }
  }
  return kinds
}

function numberLines(kinds: readonly DiffLine['kind'][], before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let left = 0
  let right = 0
  return kinds.map((kind) => {
    if (kind !== 'added') left += 1
    if (kind !== 'removed') right += 1
    return {
      kind,
      text: (kind === 'added' ? after[right - 1] : before[left - 1]) ?? '',
      before: kind === 'added' ? null : left,
      after: kind === 'removed' ? null : right,
    }
  })
}

/** Keeps a few equal lines around each change and folds the rest. */
function fold(lines: readonly DiffLine[]): readonly DiffPart[] {
  const shown = new Uint8Array(lines.length)
  lines.forEach((line, index) => {
    if (line.kind !== 'same') shown.fill(1, Math.max(0, index - contextLines), index + contextLines + 1)
  })
  const parts: DiffPart[] = []
  let start = 0
  while (start < lines.length) {
    let end = start
    while (end < lines.length && shown[end] === shown[start]) end += 1
    parts.push(shown[start] === 1 ? { kind: 'lines', lines: lines.slice(start, end) } : { kind: 'gap', count: end - start })
    start = end
  }
  return parts
}
