import type { Database } from 'better-sqlite3'
import { wordList } from '#core/memory/words'
import type { CorrectedWord, FoundMemory } from '#core/ports/memory-search'
import type { MemoryConditions } from '#core/ports/memory-store'
import { whereOf } from './conditions'
import { createKnownWords } from './known-words'
import { createStatements } from './statements'

const MOST_WORDS = 32
/** A word that is in more items than this counts as one that is everywhere. */
const COMMON = 20_000
/** So many items are weighed for one query: all of those with the rare words, the newest of the rest. */
const WEIGHED = 3_000
const SHORTEST_BEGINNING = 3
/** How often a word occurs is asked again when the number of items has changed by this part of it. */
const STALE = 0.1
const MOST_REMEMBERED = 20_000

/** A word of the query with what stands for it. */
interface Group {
  readonly words: readonly string[]
  readonly items: number
}

/** Title, text, the rest. */
const weigh = 'bm25(memory_words, 3.0, 1.0, 0.7)'

/** Over the index of words. Everything that is typed has a meaning and nothing is an error. */
export function createWordSearch(db: Database) {
  const statement = createStatements(db)
  const known = createKnownWords(db)
  const frequency = createFrequencies(db)

  const groupsOf = (text: string): { groups: Group[]; corrected: CorrectedWord[] } => {
    const asked = [...new Set(wordList(text))].slice(0, MOST_WORDS)
    const corrected: CorrectedWord[] = []
    const isOpen = /[\p{L}\p{N}\p{Co}]$/u.test(text)
    const groups = asked.flatMap((word, index): Group[] => {
      const mayGoOn = isOpen && index === asked.length - 1 && word.length >= SHORTEST_BEGINNING
      const items = frequency(word)
      const longer = mayGoOn ? known.beginningWith(word) : []
      const others = items > 0 || longer.length > 0 ? longer : known.insteadOf(word)
      if (items === 0 && others.length === 0) return []
      if (items === 0) corrected.push({ asked: word, found: others })
      return [{ words: [word, ...others], items: others.reduce((sum, other) => sum + frequency(other), items) }]
    })
    return { groups: groups.filter((group) => group.items > 0).sort((left, right) => left.items - right.items), corrected }
  }
  const run = (match: string, conditions: MemoryConditions, limit: number): FoundMemory[] => {
    const { sql, parameters } = whereOf(conditions)
    return statement<FoundMemory>(`SELECT position, -score AS score FROM (SELECT m.position, ${weigh} AS score FROM memory_words CROSS JOIN memory_items m ON m.position = memory_words.rowid
      WHERE memory_words MATCH @match AND ${sql} ORDER BY memory_words.rowid DESC LIMIT ${WEIGHED}) ORDER BY score, position DESC LIMIT @limit`).all({ ...parameters, match, limit })
  }

  return {
    words(text: string, { conditions, limit }: { readonly conditions: MemoryConditions; readonly limit: number }): { found: FoundMemory[]; corrected: CorrectedWord[] } {
      const { groups, corrected } = groupsOf(text)
      if (groups.length === 0) return { found: [], corrected }
      if (groups.length === 1) return { found: run(anyOf(groups), conditions, limit), corrected }
      const all = run(groups.map((group) => anyOf([group])).join(' AND '), conditions, limit)
      if (all.length >= limit) return { found: all, corrected }
      const some = run(withRare(groups), conditions, limit)
      const seen = new Set(all.map(({ position }) => position))
      // Those with all of the words may be older than what was weighed.
      return { found: [...all, ...some.filter(({ position }) => !seen.has(position))].sort((left, right) => right.score - left.score).slice(0, limit), corrected }
    },
    /** Among the forgotten. */
    forgotten(text: string, limit: number): FoundMemory[] {
      const words = [...new Set(wordList(text))].slice(0, MOST_WORDS)
      if (words.length === 0) return []
      return statement<FoundMemory>('SELECT rowid AS position, -rank AS score FROM memory_words_forgotten WHERE memory_words_forgotten MATCH @match ORDER BY rank LIMIT @limit')
        .all({ match: anyOf([{ words, items: 0 }]), limit })
    },
  }
}

function anyOf(groups: readonly Group[]): string {
  return `(${groups.flatMap(({ words }) => words.map((word) => `"${word}"`)).join(' OR ')})`
}

/**
 * Items with at least one of the rare words, weighed by all of the words: one that has only the common ones would hardly come
 * before them, and there are too many of those to look at each.
 */
function withRare(groups: readonly Group[]): string {
  let items = 0
  const rare = groups.filter((group, index) => {
    if (index > 0 && items + group.items > WEIGHED) return false
    items += group.items
    return true
  })
  return rare.length === groups.length ? anyOf(groups) : `${anyOf(rare)} AND ${anyOf(groups)}`
}

/** In how many items a word is, `COMMON` at most. */
function createFrequencies(db: Database): (word: string) => number {
  const count = db.prepare<[string], number>(`SELECT count(*) FROM (SELECT 1 FROM memory_words WHERE memory_words MATCH ? LIMIT ${COMMON})`).pluck()
  const last = db.prepare<[], number | null>('SELECT max(position) FROM memory_items').pluck()
  const remembered = new Map<string, number>()
  let at = 0
  return (word) => {
    const now = last.get() ?? 0
    if (Math.abs(now - at) > at * STALE || remembered.size > MOST_REMEMBERED) {
      remembered.clear()
      at = now
    }
    const known = remembered.get(word)
    // One that did not occur may do so by now.
    if (known !== undefined && known > 0) return known
    const items = count.get(`"${word}"`) ?? 0
    remembered.set(word, items)
    return items
  }
}
