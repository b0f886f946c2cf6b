import type { Database } from 'better-sqlite3'

export type Tally = ReturnType<typeof createTally>

/** Counting rows for each job would cost more than the job: they are counted again only when others may have written. */
export function createTally(db: Database, count: () => number) {
  const version = db.prepare<[], number>('PRAGMA data_version').pluck()
  let known: { readonly version: number | undefined; number: number } | null = null
  const current = () => {
    const now = version.get()
    if (known?.version !== now) known = null
    return (known ??= { version: now, number: count() })
  }
  return {
    value: () => current().number,
    /** To be called right after what it counts. */
    add(number: number) {
      if (known) known.number += number
    },
    forget() {
      known = null
    },
  }
}
