import type { Clock } from '../ports/system'

/** Longer would be noticed by whoever waits for the same thread. */
const SLICE_MS = 5
/** Fewer cost more than they save: each slice is a transaction. */
const LEAST = 32

/**
 * Does something with each, a few at a time in `transact`, and lets other work go first in between. The number of each slice follows from how
 * long the one before took.
 */
export async function inSlices<T>(clock: Clock, items: Iterable<T>, transact: (slice: readonly T[]) => void): Promise<void> {
  let size = 64
  let slice: T[] = []
  const flush = async () => {
    const from = clock.elapsed()
    transact(slice)
    const took = Math.max(clock.elapsed() - from, 0.05)
    size = Math.max(LEAST, Math.min(500, Math.round(size * Math.min(2, SLICE_MS / took))))
    slice = []
    await clock.turn()
  }
  for (const item of items) {
    slice.push(item)
    if (slice.length >= size) await flush()
  }
  if (slice.length > 0) await flush()
}
