import type { Database } from 'better-sqlite3'
import { editDistance } from '#core/memory/words'

const MOST_CANDIDATES = 200
const MOST_FOUND = 8
/** Shorter words have so few parts that a typo leaves none of three letters whole. */
const SHORT = 5

/** The words that occur, by their parts. Follows the table; words that are gone stay until the next start and find nothing. */
export interface KnownWords {
  /** Words that begin with it, the shortest first. */
  beginningWith(word: string): string[]
  /** Words for one that does not occur: those that it is a part of, and those that it is a typo of; the best first. */
  insteadOf(word: string): string[]
}

export function createKnownWords(db: Database): KnownWords {
  const newer = db.prepare<[number], { id: number; word: string }>('SELECT id, word FROM memory_words_known WHERE id > ? ORDER BY id')
  const beginning = db.prepare<[string, string], string>('SELECT word FROM memory_words_known WHERE word > ? AND word < ? LIMIT 300').pluck()
  const words: string[] = []
  const places = new Map<string, number[]>()
  let last = 0

  const refresh = () => {
    for (const { id, word } of newer.iterate(last)) {
      last = id
      const place = words.push(word) - 1
      for (const part of partsOf(word)) {
        const known = places.get(part)
        if (known) known.push(place)
        else places.set(part, [place])
      }
    }
  }
  /** The places of the words that share the most parts with it. */
  const alike = (word: string): number[] => {
    const shared = new Map<number, number>()
    for (const part of partsOf(word)) {
      for (const place of places.get(part) ?? []) {
        const known = words[place]
        if (known !== undefined && known.length >= word.length - 2) shared.set(place, (shared.get(place) ?? 0) + 1)
      }
    }
    return [...shared].sort((left, right) => right[1] - left[1]).slice(0, MOST_CANDIDATES).map(([place]) => place)
  }

  return {
    beginningWith: (word) => beginning.all(word, `${word}\u{10ffff}`).sort((left, right) => left.length - right.length).slice(0, MOST_FOUND),
    insteadOf: (word) => {
      refresh()
      const most = mostEdits(word)
      const candidates = alike(word).map((place) => words[place] ?? '')
      const typos = candidates.map((known) => ({ known, distance: editDistance(word, known, most) })).filter(({ distance }) => distance <= most)
        .sort((left, right) => left.distance - right.distance || left.known.length - right.known.length).map(({ known }) => known)
      const wholes = word.length < 4 ? [] : candidates.filter((known) => known.includes(word)).sort((left, right) => left.length - right.length)
      return [...new Set([...typos, ...wholes])].slice(0, MOST_FOUND)
    },
  }
}

function mostEdits(word: string): number {
  // One number is no typo of another.
  if (word.length < 3 || /\d/.test(word)) return 0
  return word.length < 8 ? 1 : 2
}

function partsOf(word: string): ReadonlySet<string> {
  const padded = `^${word}$`
  const parts = new Set<string>()
  for (let index = 0; index + 3 <= padded.length; index += 1) parts.add(padded.slice(index, index + 3))
  if (word.length <= SHORT) for (let index = 0; index + 2 <= padded.length; index += 1) parts.add(padded.slice(index, index + 2))
  return parts
}
