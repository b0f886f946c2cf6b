import type { Database } from 'better-sqlite3'
import type { ErasedWords } from '#core/ports/memory-search'
import type { Indexed } from '../item-columns'
import { tables, type WordIndex } from './word-index'

/** Of one transaction: longer would be noticed by whoever wants to search. */
interface Bounds {
  readonly items: number
  readonly changes: number
}

interface State {
  /** Every item up to this position is in the index. */
  readonly until: number
  /** Every change up to this number is. */
  readonly seq: number
}

interface IndexedRow extends Indexed {
  readonly forgotten: number
}

interface ChangeRow extends IndexedRow {
  readonly seq: number
  readonly item: number
  readonly words: string | null
}

export type ErasedRow = ErasedWords['removed'][number]

export interface Taken {
  /** Changes up to this number are in the index. */
  readonly seq: number
  readonly items: number
  /** What went out of it with items that were erased. */
  readonly erased: readonly ErasedRow[]
  readonly more: boolean
}

/**
 * Takes what was committed to the items over into the index, a part of it in each call: one transaction over one state of both. First what
 * changed, each change from what the index has to what came next, and only when none is left, what is new. So a change of an item that is
 * not in the index yet can be left out, and whatever interrupts it, the next call goes on.
 */
export function createTakeIn(db: Database, index: WordIndex, most: Bounds = { items: 1_000, changes: 250 }): () => Taken {
  const stateOf = db.prepare<[], State>('SELECT until, seq FROM memory_words_state')
  const save = db.prepare<[number, number]>('UPDATE memory_words_state SET until = ?, seq = ?')
  const changesAfter = db.prepare<[number, number], ChangeRow>('SELECT seq, item, forgotten, title, text, more, words FROM memory_word_changes WHERE seq > ? ORDER BY seq LIMIT ?')
  const nextChange = db.prepare<[number, number], IndexedRow>('SELECT forgotten, title, text, more FROM memory_word_changes WHERE item = ? AND seq > ? ORDER BY seq LIMIT 1')
  const itemAt = db.prepare<[number], IndexedRow>('SELECT forgotten_at IS NOT NULL AS forgotten, title, text, more FROM memory_items WHERE position = ?')
  const itemsAfter = db.prepare<[number, number], IndexedRow & { readonly position: number }>('SELECT position, forgotten_at IS NOT NULL AS forgotten, title, text, more FROM memory_items WHERE position > ? ORDER BY position LIMIT ?')
  const lastItem = db.prepare<[], number | null>('SELECT max(position) FROM memory_items').pluck()
  const lastSeq = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'memory_word_changes'").pluck()
  const add = (position: number, row: IndexedRow) => { index.add(position, row, row.forgotten === 1) }

  const takeChanges = (rows: readonly ChangeRow[], until: number): ErasedRow[] => {
    const words = new Set<string>()
    const known = rows.filter(({ item }) => item <= until)
    for (const row of known) {
      index.remove(row.item, row, row.forgotten === 1)
      const after = nextChange.get(row.item, row.seq) ?? itemAt.get(row.item)
      if (after) add(row.item, after)
      if (row.words !== null) for (const word of JSON.parse(row.words)) words.add(String(word))
    }
    const gone = known.filter((row) => row.words !== null)
    if (gone.length === 0) return []
    const forgotten = gone.filter((row) => row.forgotten === 1).length
    return [{ from: tables.live, rows: gone.length - forgotten }, { from: tables.forgotten, rows: forgotten }, { from: 'memory_words_known', rows: index.forgetWords(words) }]
  }

  return db.transaction(() => {
    const known = stateOf.get() ?? { until: 0, seq: 0 }
    const found = changesAfter.all(known.seq, most.changes + 1)
    const last = lastItem.get() ?? 0
    const newest = lastSeq.get() ?? 0
    const [first] = found
    // Numbers have no gaps. What lost its last steps with the power, or is of a database that was replaced, does not know what changed.
    const isOther = first ? first.seq !== known.seq + 1 : known.seq !== newest || known.until > last
    if (isOther) index.clear()
    const from = isOther ? { until: 0, seq: newest } : known
    const changes = isOther ? [] : found.slice(0, most.changes)
    const erased = takeChanges(changes, from.until)
    const seq = changes.at(-1)?.seq ?? from.seq
    const isChanging = !isOther && found.length > most.changes
    // The positions of items that were erased at the end are given to new ones.
    const start = isChanging ? from.until : Math.min(from.until, last)
    const items = isChanging ? [] : itemsAfter.all(start, most.items)
    for (const row of items) add(row.position, row)
    const until = items.at(-1)?.position ?? start
    if (isOther || until !== known.until || seq !== known.seq) save.run(until, seq)
    return { seq, items: items.length + changes.length, erased, more: isChanging || items.length === most.items }
  })
}
