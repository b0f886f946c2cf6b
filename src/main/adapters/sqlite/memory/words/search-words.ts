import type { Database } from 'better-sqlite3'
import { wordList } from '#core/memory/words'
import type { CorrectedWord, FoundMemory } from '#core/ports/memory-search'
import type { MemoryConditions } from '#core/ports/memory-store'
import { whereOf } from '../conditions'
import { createKnownWords, type KnownWords } from './known-words'
import { createStatements } from '../statements'

const MOST_WORDS = 32
/** A word that is in more items than this counts as one that is everywhere. */
const COMMON = 8_000
/** So many items are weighed for one query: all of those with the rare words, the newest of the rest. */
const WEIGHED = 2_000
/** Of the weighed ones, so many times what is asked for are told apart by the common words too. */
const DEPTH = 4
/** Of title, text and the rest. */
const COLUMN_WEIGHTS = '3.0, 1.0, 0.7'
const SHORTEST_BEGINNING = 3
/** How often a word occurs is asked again when the number of items has changed by this part of it. */
const STALE = 0.1
const MOST_REMEMBERED = 20_000

/** A word of the query with what stands for it. */
interface Group {
  readonly words: readonly string[]
  readonly items: number
}

interface WordQuery {
  readonly conditions: MemoryConditions
  readonly limit: number
}

/**
 * Over the index of words. Everything that is typed has a meaning and nothing is an error. Items with the rare words are found by them
 * and weighed by bm25, which would look at every item of a common word to weigh that; whether they have the common ones too is added. Items
 * that have only common words come after those, all of the words first, the newest first.
 */
export function createWordSearch(db: Database) {
  const statement = createStatements(db)
  const counts = createCounts(db)
  const groupsOf = createReader(createKnownWords(db), counts)

  const weighed = (match: string, conditions: MemoryConditions, limit: number): FoundMemory[] => {
    const { sql, parameters } = whereOf(conditions)
    const among = (most: number) => statement<FoundMemory>(`SELECT m.position, w.score FROM (
        SELECT rowid, -bm25(memory_words, ${COLUMN_WEIGHTS}) AS score FROM memory_words WHERE memory_words MATCH @match ORDER BY score DESC LIMIT @most
      ) w CROSS JOIN memory_items m ON m.position = w.rowid WHERE ${sql} ORDER BY w.score DESC, m.position DESC LIMIT @limit`).all({ ...parameters, match, limit, most })
    // Looking at an item costs more than weighing it: most conditions leave enough of the best.
    const found = among(limit * 2)
    return found.length === limit ? found : among(WEIGHED)
  }
  const newest = (match: string, conditions: MemoryConditions, limit: number): number[] => {
    const { sql, parameters } = whereOf(conditions)
    return statement<{ position: number }>(`SELECT m.position FROM (SELECT rowid FROM memory_words WHERE memory_words MATCH @match ORDER BY rowid DESC LIMIT ${WEIGHED}) w
      CROSS JOIN memory_items m ON m.position = w.rowid WHERE ${sql} ORDER BY m.position DESC LIMIT @limit`).all({ ...parameters, match, limit }).map(({ position }) => position)
  }
  const having = db.prepare<[string], number>(`SELECT rowid FROM memory_words WHERE memory_words MATCH ? LIMIT ${WEIGHED}`).pluck()

  const byRare = (rare: readonly Group[], common: readonly Group[], { conditions, limit }: WordQuery): FoundMemory[] => {
    if (rare.length === 0) return []
    const found = weighed(anyOf(rare), conditions, common.length === 0 ? limit : limit * DEPTH)
    if (common.length === 0 || found.length === 0) return found
    const scores = new Map(found.map(({ position, score }) => [position, score]))
    for (const group of common) {
      const weight = counts.weight(group.items)
      for (const position of having.all(`${anyOf(rare)} AND ${anyOf([group])}`)) {
        const score = scores.get(position)
        if (score !== undefined) scores.set(position, score + weight)
      }
    }
    return [...scores].map(([position, score]) => ({ position, score })).sort((left, right) => right.score - left.score).slice(0, limit)
  }
  const byCommon = (common: readonly Group[], found: FoundMemory[], { conditions, limit }: WordQuery) => {
    const [first] = common
    const seen = new Set(found.map(({ position }) => position))
    const ways = first ? [...(common.length > 1 ? [{ groups: common, match: common.map((group) => anyOf([group])).join(' AND ') }] : []), { groups: [first], match: anyOf([first]) }] : []
    for (const { groups, match } of ways) {
      if (found.length >= limit) return
      const score = Math.min(found.at(-1)?.score ?? Number.MAX_VALUE, groups.reduce((sum, { items }) => sum + counts.weight(items), 0))
      for (const position of newest(match, conditions, limit)) {
        if (seen.has(position) || found.length >= limit) continue
        seen.add(position)
        found.push({ position, score })
      }
    }
  }

  return {
    words(text: string, query: WordQuery): { found: FoundMemory[]; corrected: CorrectedWord[] } {
      const { groups, corrected } = groupsOf(text)
      const rare = rareOf(groups)
      const common = groups.slice(rare.length)
      const found = byRare(rare, common, query)
      byCommon(common, found, query)
      return { found, corrected }
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

/** What was typed as groups, the rarest first, and what was read for words that do not occur. */
function createReader(known: KnownWords, counts: Pick<ReturnType<typeof createCounts>, 'of'>): (text: string) => { readonly groups: readonly Group[]; readonly corrected: CorrectedWord[] } {
  return (text) => {
    const asked = [...new Set(wordList(text))].slice(0, MOST_WORDS)
    const corrected: CorrectedWord[] = []
    const isOpen = /[\p{L}\p{N}\p{Co}]$/u.test(text)
    const groups = asked.flatMap((word, index): Group[] => {
      const mayGoOn = isOpen && index === asked.length - 1 && word.length >= SHORTEST_BEGINNING
      const items = counts.of(word)
      const longer = mayGoOn ? known.beginningWith(word) : []
      const others = items > 0 || longer.length > 0 ? longer : known.insteadOf(word)
      if (items === 0 && others.length === 0) return []
      if (items === 0) corrected.push({ asked: word, found: others })
      return [{ words: [word, ...others], items: others.reduce((sum, other) => sum + counts.of(other), items) }]
    })
    return { groups: groups.filter((group) => group.items > 0).sort((left, right) => left.items - right.items), corrected }
  }
}

function anyOf(groups: readonly Group[]): string {
  return `(${groups.flatMap(({ words }) => words.map((word) => `"${word}"`)).join(' OR ')})`
}

/** The first ones, which together are in few items. */
function rareOf(groups: readonly Group[]): readonly Group[] {
  let items = 0
  const end = groups.findIndex((group) => (items += group.items) > WEIGHED)
  return end === -1 ? groups : groups.slice(0, end)
}

/** In how many items a word is, `COMMON` at most, and what it weighs. */
function createCounts(db: Database) {
  const count = db.prepare<[string], number>(`SELECT count(*) FROM (SELECT 1 FROM memory_words WHERE memory_words MATCH ? LIMIT ${COMMON})`).pluck()
  const last = db.prepare<[], number | null>('SELECT max(position) FROM memory_items').pluck()
  const remembered = new Map<string, number>()
  let at = 0
  return {
    of(word: string): number {
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
    },
    /** As bm25 does, for an item that has it once. */
    weight: (items: number): number => Math.max(0.1, Math.log((Math.max(at, items) - items + 0.5) / (items + 0.5))),
  }
}
