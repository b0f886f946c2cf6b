import type { Database } from 'better-sqlite3'
import type { Indexed } from './item-columns'

/** What the index of words has yet to take out; written in the transaction of the change, so that the index never misses one. */
export interface WordChanges {
  /** The index has this of an item that says something else now, is forgotten or restored, or is gone. `lost`: words that may occur nowhere any more. */
  add(item: number, was: Indexed, forgotten: boolean, lost?: ReadonlySet<string>): void
  /** The index has all up to this number: they are removed with the next change. */
  taken(seq: number): void
  /** Removes what is taken. */
  prune(): void
  /** Whether something that was erased may still stand here. */
  hasErased(): boolean
  /** How many rows there are of an item. */
  of(item: number): number
}

export function createWordChanges(db: Database): WordChanges {
  const insert = db.prepare<[number, number, string, string, string, string | null]>('INSERT INTO memory_word_changes (item, forgotten, title, text, more, words) VALUES (?, ?, ?, ?, ?, ?)')
  const remove = db.prepare<[number]>('DELETE FROM memory_word_changes WHERE seq <= ?')
  const erased = db.prepare<[], number>('SELECT 1 FROM memory_word_changes WHERE words IS NOT NULL LIMIT 1').pluck()
  const count = db.prepare<[number], number>('SELECT count(*) FROM memory_word_changes WHERE item = ?').pluck()
  let takenUntil = 0

  const prune = () => void remove.run(takenUntil)
  return {
    add(item, { title, text, more }, forgotten, lost) {
      prune()
      insert.run(item, forgotten ? 1 : 0, title, text, more, lost === undefined ? null : JSON.stringify([...lost]))
    },
    taken(seq) {
      takenUntil = Math.max(takenUntil, seq)
    },
    prune,
    hasErased: () => erased.get() !== undefined,
    of: (item) => count.get(item) ?? 0,
  }
}
