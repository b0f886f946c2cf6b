import type { Database } from 'better-sqlite3'
import type { Indexed } from './item-columns'
import { createSeenWords } from './seen-words'

/**
 * The parts of the index are put together in steps of so many pages, one with so many items: what SQLite does by itself comes seldom and
 * holds up whoever waits for the thread.
 */
const MERGED_PAGES = 24
const MERGE_EVERY = 16

/** The index of words, kept up to date in the transactions of what is indexed. */
export interface WordIndex {
  add(position: number, indexed: Indexed, forgotten: boolean): void
  /** With exactly what was added. */
  remove(position: number, indexed: Indexed, forgotten: boolean): void
  /** Of these words, removes those that no item has any more. How many. */
  forgetWords(words: ReadonlySet<string>): number
  /** Puts parts of it together, for about a millisecond. Whether there may be more to do. */
  tidy(): boolean
  /** Calls of a transaction that failed may have remembered words of it. */
  reset(): void
}

export function createWordIndex(db: Database): WordIndex {
  const tableOf = (forgotten: boolean) => (forgotten ? 'memory_words_forgotten' : 'memory_words')
  const statements = (forgotten: boolean) => ({
    add: db.prepare<[number, string, string, string]>(`INSERT INTO ${tableOf(forgotten)} (rowid, title, text, more) VALUES (?, ?, ?, ?)`),
    remove: db.prepare<[number, string, string, string]>(`INSERT INTO ${tableOf(forgotten)} (${tableOf(forgotten)}, rowid, title, text, more) VALUES ('delete', ?, ?, ?, ?)`),
  })
  const live = statements(false)
  const gone = statements(true)
  const addWord = db.prepare<[string]>('INSERT INTO memory_words_known (word) VALUES (?) ON CONFLICT DO NOTHING')
  const idOf = db.prepare<[string], number>('SELECT id FROM memory_words_known WHERE word = ?').pluck()
  const removeWord = db.prepare<[number]>('DELETE FROM memory_words_known WHERE id = ?')
  const occurs = db.prepare<[string], number>('SELECT 1 FROM memory_words WHERE memory_words MATCH ? LIMIT 1').pluck()
  const merge = db.prepare<[number]>("INSERT INTO memory_words (memory_words, rank) VALUES ('merge', ?)")
  const changes = db.prepare<[], number>('SELECT total_changes()').pluck()
  const seen = createSeenWords()
  let added = 0

  const tidy = (): boolean => {
    const before = changes.get() ?? 0
    merge.run(MERGED_PAGES)
    // One change is the command itself (https://sqlite.org/fts5.html#the_merge_command).
    return (changes.get() ?? 0) - before > 1
  }

  return {
    add(position, { title, text, more }, forgotten) {
      const { add } = forgotten ? gone : live
      add.run(position, title, text, more)
      if (!forgotten) for (const word of seen.newOf(`${title} ${text} ${more}`)) addWord.run(word)
      if ((added += 1) % MERGE_EVERY === 0) tidy()
    },
    remove(position, { title, text, more }, forgotten) {
      const { remove } = forgotten ? gone : live
      remove.run(position, title, text, more)
    },
    forgetWords(words) {
      let removed = 0
      for (const word of words) {
        const id = idOf.get(word)
        if (id === undefined || occurs.get(`"${word}"`) !== undefined) continue
        removeWord.run(id)
        removed += 1
      }
      if (removed > 0) seen.clear()
      return removed
    },
    tidy,
    reset: () => { seen.clear() },
  }
}
