import type { Database } from 'better-sqlite3'
import { wordList } from '#core/memory/words'
import type { Indexed } from './item-columns'

/** Words that are known to be known: saves asking the database for each. Dropped when full. */
const MOST_REMEMBERED = 200_000

/** The index of words, kept up to date in the transactions of what is indexed. */
export interface WordIndex {
  add(position: number, indexed: Indexed, forgotten: boolean): void
  /** With exactly what was added. */
  remove(position: number, indexed: Indexed, forgotten: boolean): void
  /** Of these words, removes those that no item has any more. How many. */
  forgetWords(words: ReadonlySet<string>): number
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
  const remembered = new Set<string>()

  const learn = (word: string) => {
    if (remembered.has(word)) return
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.add(word)
    addWord.run(word)
  }

  return {
    add(position, { title, text, more }, forgotten) {
      const { add } = forgotten ? gone : live
      add.run(position, title, text, more)
      if (!forgotten) for (const word of wordList(`${title} ${text} ${more}`)) learn(word)
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
        remembered.delete(word)
        removed += 1
      }
      return removed
    },
    reset: () => { remembered.clear() },
  }
}
