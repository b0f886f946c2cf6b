import type { FindQuery } from '../ports/folder-index'

export interface PathList {
  readonly paths: readonly string[]
  /** The same, in lower case. */
  readonly lower: readonly string[]
}

interface Candidate {
  readonly index: number
  readonly score: number
}

/** The best paths for a query, and how many fit at all. Shorter and nearer to the name comes first; ties in the order of the list. */
export function findFiles({ paths, lower }: PathList, { query, mode, limit }: FindQuery) {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) return { items: paths.slice(0, limit).map((path) => ({ path, positions: [] })), matching: paths.length }
  const score = mode === 'contains' ? containsScore : fuzzyScore
  const best: Candidate[] = []
  let matching = 0
  for (let index = 0; index < lower.length; index += 1) {
    const total = scoreOf(lower[index] ?? '', words, score)
    if (total === null) continue
    matching += 1
    keepBest(best, { index, score: total }, limit)
  }
  best.sort(order)
  const positions = mode === 'contains' ? containsPositions : fuzzyPositions
  return { items: best.map(({ index }) => ({ path: paths[index] ?? '', positions: positionsOf(lower[index] ?? '', words, positions) })), matching }
}

type Score = (path: string, nameStart: number, word: string) => number | null

function scoreOf(path: string, words: readonly string[], score: Score): number | null {
  const nameStart = path.lastIndexOf('/') + 1
  let total = -path.length
  for (const word of words) {
    const part = score(path, nameStart, word)
    if (part === null) return null
    total += part
  }
  return total
}

const inName = 4_000
const inPath = 2_000

function containsScore(path: string, nameStart: number, word: string): number | null {
  const at = path.indexOf(word, nameStart)
  if (at !== -1) return inName + atStart(path, at, nameStart) + (at + word.length === path.length || path[at + word.length] === '.' ? 300 : 0)
  const anywhere = path.indexOf(word)
  return anywhere === -1 ? null : inPath + atStart(path, anywhere, nameStart)
}

function atStart(path: string, at: number, nameStart: number): number {
  if (at === nameStart) return 600
  return isBoundary(path, at) ? 300 : 0
}

function isBoundary(path: string, at: number): boolean {
  return at === 0 || /[/._\s-]/.test(path[at - 1] ?? '')
}

/** In one piece beats in pieces; pieces at the beginning of words, and few of them, beat others. */
function fuzzyScore(path: string, nameStart: number, word: string): number | null {
  const whole = containsScore(path, nameStart, word)
  if (whole !== null) return whole
  const positions = inOrder(path, word, nameStart) ?? inOrder(path, word, 0)
  if (positions === null) return null
  let gaps = 0
  let boundaries = 0
  for (const [index, at] of positions.entries()) {
    if (index > 0 && at !== (positions[index - 1] ?? 0) + 1) gaps += 1
    if (isBoundary(path, at)) boundaries += 1
  }
  return (positions[0] ?? 0) >= nameStart ? 1_500 + boundaries * 60 - gaps * 80 : 500 + boundaries * 60 - gaps * 80
}

function inOrder(path: string, word: string, from: number): number[] | null {
  const positions: number[] = []
  let at = from
  for (const character of word) {
    const found = path.indexOf(character, at)
    if (found === -1) return null
    positions.push(found)
    at = found + 1
  }
  return positions
}

function positionsOf(path: string, words: readonly string[], of: (path: string, word: string) => readonly number[]): number[] {
  return [...new Set(words.flatMap((word) => of(path, word)))].sort((left, right) => left - right)
}

function containsPositions(path: string, word: string): readonly number[] {
  const named = path.indexOf(word, path.lastIndexOf('/') + 1)
  const at = named === -1 ? path.indexOf(word) : named
  return at === -1 ? [] : Array.from({ length: word.length }, (_item, index) => at + index)
}

function fuzzyPositions(path: string, word: string): readonly number[] {
  const whole = containsPositions(path, word)
  return whole.length > 0 ? whole : (inOrder(path, word, path.lastIndexOf('/') + 1) ?? inOrder(path, word, 0) ?? [])
}

function order(left: Candidate, right: Candidate): number {
  return right.score - left.score || left.index - right.index
}

/** A heap with the worst on top, at most `limit` of them. */
function keepBest(heap: Candidate[], candidate: Candidate, limit: number): void {
  const isWorse = (left: number, right: number): boolean => order(heap[left] ?? candidate, heap[right] ?? candidate) > 0
  const swap = (left: number, right: number): void => {
    const kept = heap[left]
    heap[left] = heap[right] ?? candidate
    heap[right] = kept ?? candidate
  }
  if (heap.length < limit) {
    heap.push(candidate)
    for (let at = heap.length - 1; at > 0; at = (at - 1) >> 1) {
      const parent = (at - 1) >> 1
      if (!isWorse(at, parent)) return
      swap(at, parent)
    }
    return
  }
  const worst = heap[0]
  if (worst === undefined || order(worst, candidate) <= 0) return
  heap[0] = candidate
  for (let at = 0; ; ) {
    const children = [2 * at + 1, 2 * at + 2].filter((child) => child < heap.length)
    const child = children.length === 2 && isWorse(children[1] ?? 0, children[0] ?? 0) ? children[1] : children[0]
    if (child === undefined || !isWorse(child, at)) return
    swap(child, at)
    at = child
  }
}
