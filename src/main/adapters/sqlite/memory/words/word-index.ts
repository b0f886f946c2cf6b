import type { Database } from 'better-sqlite3'
import type { Indexed } from '../item-columns'
import { wordsOf } from '#core/memory/words'
import type { RowCount } from '#core/ports/memory-search'
import { createSeenWords } from './seen-words'

/** The parts of the index are put together in steps of so many pages. */
const MERGED_PAGES = 200

/** The tables of the index of words. */
export interface WordIndex {
  add(position: number, indexed: Indexed, forgotten: boolean): void
  /** With exactly what was added. */
  remove(position: number, indexed: Indexed, forgotten: boolean): void
  /** Of these words, removes those that no item has any more. How many. */
  forgetWords(words: ReadonlySet<string>): number
  /** Puts parts of it together, for some milliseconds. Whether there may be more to do. */
  tidy(): boolean
  /** A transaction that failed may have remembered words of it. */
  reset(): void
  /** Takes everything out. */
  clear(): void
  /** What is left of items, by asking. */
  leftOf(items: readonly IndexedItem[]): RowCount[]
}

export interface IndexedItem extends Indexed {
  readonly position: number
}

export const tables = { live: 'memory_words', forgotten: 'memory_words_forgotten' } as const

export function createWordIndex(db: Database): WordIndex {
  const live = createTable(db, tables.live)
  const gone = createTable(db, tables.forgotten)
  const addWord = db.prepare<[string]>('INSERT INTO memory_words_known (word) VALUES (?) ON CONFLICT DO NOTHING')
  const idOf = db.prepare<[string], number>('SELECT id FROM memory_words_known WHERE word = ?').pluck()
  const removeWord = db.prepare<[number]>('DELETE FROM memory_words_known WHERE id = ?')
  const removeWords = db.prepare('DELETE FROM memory_words_known')
  const occurs = db.prepare<[string], number>('SELECT 1 FROM memory_words WHERE memory_words MATCH ? LIMIT 1').pluck()
  const changes = db.prepare<[], number>('SELECT total_changes()').pluck()
  const seen = createSeenWords()
  const tableOf = (forgotten: boolean) => (forgotten ? gone : live)
  const lost = (words: ReadonlySet<string>) => [...words].flatMap((word) => {
    const id = idOf.get(word)
    return id === undefined || occurs.get(`"${word}"`) !== undefined ? [] : [id]
  })

  return {
    add(position, { title, text, more }, forgotten) {
      tableOf(forgotten).add.run(position, title, text, more)
      if (!forgotten) for (const word of seen.newOf(`${title} ${text} ${more}`)) addWord.run(word)
    },
    remove(position, { title, text, more }, forgotten) {
      tableOf(forgotten).remove.run(position, title, text, more)
    },
    forgetWords(words) {
      const ids = lost(words)
      for (const id of ids) removeWord.run(id)
      if (ids.length > 0) seen.clear()
      return ids.length
    },
    tidy() {
      const before = changes.get() ?? 0
      live.merge.run(MERGED_PAGES)
      // One change is the command itself (https://sqlite.org/fts5.html#the_merge_command).
      return (changes.get() ?? 0) - before > 1
    },
    reset: () => { seen.clear() },
    clear() {
      live.clear.run()
      gone.clear.run()
      removeWords.run()
      seen.clear()
    },
    leftOf(items) {
      const all = items.map((item) => ({ position: item.position, words: wordsOf(`${item.title} ${item.text} ${item.more}`) }))
      const has = ({ from }: WordTable) => all.filter(({ position, words }) => words.size > 0 && from.get([...words].map((word) => `"${word}"`).join(' OR '), position) === position).length
      return [
        { in: tables.live, rows: has(live) },
        { in: tables.forgotten, rows: has(gone) },
        { in: 'memory_words_known', rows: lost(new Set(all.flatMap(({ words }) => [...words]))).length },
      ]
    },
  }
}

type WordTable = ReturnType<typeof createTable>

function createTable(db: Database, name: string) {
  return {
    add: db.prepare<[number, string, string, string]>(`INSERT INTO ${name} (rowid, title, text, more) VALUES (?, ?, ?, ?)`),
    remove: db.prepare<[number, string, string, string]>(`INSERT INTO ${name} (${name}, rowid, title, text, more) VALUES ('delete', ?, ?, ?, ?)`),
    merge: db.prepare<[number]>(`INSERT INTO ${name} (${name}, rank) VALUES ('merge', ?)`),
    clear: db.prepare(`INSERT INTO ${name} (${name}) VALUES ('delete-all')`),
    // With `rowid = ?` an index without content answers with the next row where that one is gone.
    from: db.prepare<[string, number], number>(`SELECT rowid FROM ${name} WHERE ${name} MATCH ? AND rowid >= ? ORDER BY rowid LIMIT 1`).pluck(),
  }
}
