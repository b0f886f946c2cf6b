/** As the index takes words: letters and digits, folded; long ones cut, since nobody looks for them. */
const WORD = /[\p{L}\p{N}\p{Co}]+/gu
const PLAIN_WORD = /[a-z0-9]+/g
const LONGEST = 40

export function fold(text: string): string {
  const lower = text.toLowerCase()
  // Most text has nothing to fold.
  return isPlain(lower) ? lower : lower.normalize('NFD').replaceAll(/\p{M}+/gu, '')
}

function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false
  return true
}

/** In order, with repetitions. */
export function wordList(text: string): string[] {
  const lower = text.toLowerCase()
  const words = (isPlain(lower) ? lower.match(PLAIN_WORD) : fold(lower).match(WORD)) ?? []
  return words.some((word) => word.length > LONGEST) ? words.filter((word) => word.length <= LONGEST) : words
}

export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(wordList(text))
}

/** Two texts with the same words in the same order say the same. */
export function normalised(text: string): string {
  return wordList(text).join(' ')
}

/**
 * 53 bits (FNV-1a, twice) that two texts with the same words in the same order share; the same in every version, since it is kept in the
 * database. Who finds by it compares the texts.
 */
export function fingerprint(text: string): number {
  const lower = text.toLowerCase()
  const plain = isPlain(lower) ? lower : (fold(lower).match(WORD) ?? []).join(' ')
  let low = 0x811c9dc5
  let high = 0x050c5d1f
  let isInWord = false
  for (let index = 0; index < plain.length; index += 1) {
    const code = plain.charCodeAt(index)
    const isWord = (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127
    if (isWord) {
      low = Math.imul(low ^ code, 0x01000193)
      high = Math.imul(high ^ (code * 31), 0x01000193)
    } else if (isInWord) {
      low = Math.imul(low ^ 32, 0x01000193)
    }
    isInWord = isWord
  }
  // What ends without a word ends as if it ended with it.
  if (isInWord) low = Math.imul(low ^ 32, 0x01000193)
  return (high >>> 11) * 4294967296 + (low >>> 0)
}

function trigramsOf(text: string): ReadonlySet<string> {
  const padded = `  ${text} `
  const parts = new Set<string>()
  for (let index = 0; index + 3 <= padded.length; index += 1) parts.add(padded.slice(index, index + 3))
  return parts
}

/** Of the trigrams of two texts, how many both have, from 0 to 1. */
export function similarity(left: string, right: string): number {
  const ours = trigramsOf(normalised(left))
  const theirs = trigramsOf(normalised(right))
  let shared = 0
  for (const part of ours) if (theirs.has(part)) shared += 1
  return shared === 0 ? 0 : shared / (ours.size + theirs.size - shared)
}

/** Whether `left` becomes `right` in at most `most` steps: a letter more, less or another, or two neighbours swapped. Else `most + 1`. */
export function editDistance(left: string, right: string, most: number): number {
  if (Math.abs(left.length - right.length) > most) return most + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_value, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const line = [row]
    let best = row
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1]
      let value = Math.min((last[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1))
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) value = Math.min(value, (beforeLast[column - 2] ?? 0) + 1)
      line.push(value)
      if (value < best) best = value
    }
    if (best > most) return most + 1
    beforeLast = last
    last = line
  }
  return Math.min(last[right.length] ?? 0, most + 1)
}
