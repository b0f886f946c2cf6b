import type { Database } from 'better-sqlite3'
import type { MemoryStore } from '#core/ports/memory-store'

/** Written over in one go: about 1 MB. */
const PAGES = 240
/** What of a page of 4 kB a value has (https://sqlite.org/fileformat.html#cell_payload_overflow_pages). */
const PAGE_BYTES = 4_092

export interface Scrub extends Pick<MemoryStore, 'scrub'> {
  /** It was interrupted; zeros are still there. */
  isUnfinished(): boolean
}

/**
 * Pages that were given back still hold what stood on them until they are used again: words of an index that was put together, texts that
 * were changed. They are all used once, for zeros, and given back.
 */
export function createScrub(db: Database, prune: () => void): Scrub {
  if (db.memory) return { scrub: () => { prune(); return false }, isUnfinished: () => false }
  const free = db.prepare<[], number>('PRAGMA freelist_count').pluck()
  const fill = db.prepare<[number]>('INSERT INTO memory_scrub (zeros) VALUES (zeroblob(?))')
  const giveBack = db.prepare('DELETE FROM memory_scrub WHERE position = (SELECT max(position) FROM memory_scrub)')
  const zeros = db.prepare<[], number>('SELECT 1 FROM memory_scrub LIMIT 1').pluck()
  let isFilling = true

  return {
    scrub: () => {
      prune()
      const pages = Math.min(PAGES, free.get() ?? 0)
      if (isFilling && pages > 0) {
        fill.run(pages * PAGE_BYTES)
        return true
      }
      isFilling = giveBack.run().changes === 0
      return !isFilling
    },
    isUnfinished: () => zeros.get() !== undefined,
  }
}
