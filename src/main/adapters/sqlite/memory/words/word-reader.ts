import type { Database } from 'better-sqlite3'
import type { ErasedWords } from '#core/ports/memory-search'
import type { MemoryConditions, StoredMemory } from '#core/ports/memory-store'
import { indexedOf } from '../item-columns'
import { createWordSearch } from './search-words'
import { createTakeIn } from './take-in'
import { shortenLog } from './word-file'
import { createWordIndex } from './word-index'

/** A search waits so long for what is being taken in; then it takes what is there. */
const WAIT_MS = 2_000

export interface WordReaderOptions {
  /** Lets other work go first. */
  readonly turn: () => Promise<void>
  /** Changes up to this number are in the index. */
  readonly onTaken: (seq: number) => void
}

/** The index of words, over a connection that it is attached to: kept up to date and searched in the same thread. */
export function createWordReader(db: Database, { turn, onTaken }: WordReaderOptions) {
  const index = createWordIndex(db)
  const takeIn = createTakeIn(db, index)
  const tidy = db.transaction(() => index.tidy())
  const search = createWordSearch(db)
  let catching: Promise<void> | null = null
  let isUntidy = true
  const erased = new Map<string, number>()
  let told = -1

  const step = (): boolean => {
    try {
      const taken = takeIn()
      for (const { from, rows } of taken.erased) erased.set(from, (erased.get(from) ?? 0) + rows)
      if (taken.items > 0) isUntidy = true
      if (taken.seq !== told) onTaken(told = taken.seq)
      return taken.more
    } catch (error) {
      index.reset()
      throw error
    }
  }
  const goOn = async (): Promise<void> => {
    try {
      do await turn()
      while (step())
    } finally {
      catching = null
    }
  }
  /** What was committed before the call is in the index then: whoever comes while it is at work comes before its last step. */
  const catchUp = (): Promise<void> | null => (catching === null && !step() ? null : (catching ??= goOn()))
  const putTogether = async (): Promise<void> => {
    while (isUntidy && catching === null) {
      isUntidy = tidy()
      await turn()
    }
    if (catching === null) shortenLog(db)
  }

  return {
    async words(text: string, query: { readonly conditions: MemoryConditions; readonly limit: number; readonly forgotten?: boolean }) {
      const busy = catchUp()
      // What was forgotten must not be learnt again because it was not found yet.
      if (busy !== null) await (query.forgotten === true ? busy : Promise.race([busy, new Promise((resolve) => { setTimeout(resolve, WAIT_MS).unref() })]))
      return query.forgotten === true ? { found: search.forgotten(text, query.limit), corrected: [] } : search.words(text, query)
    },
    async erased(items: readonly StoredMemory[]): Promise<ErasedWords> {
      await catchUp()
      if (!db.memory) db.pragma('words.wal_checkpoint(TRUNCATE)')
      const removed = [...erased].map(([from, rows]) => ({ from, rows }))
      erased.clear()
      return { removed, left: index.leftOf(items.map((item) => ({ position: item.position, ...indexedOf(item) }))) }
    },
    async wordsChanged() {
      await catchUp()
      await putTogether()
    },
  }
}
export type WordReader = ReturnType<typeof createWordReader>
