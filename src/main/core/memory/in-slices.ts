import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'

/** Longer would be noticed by whoever waits for the same thread. */
const SLICE_MS = 2.5
/** How many it begins with: the first ones take longest. */
const FIRST = 8
const LEAST = 16

/**
 * Does something with each, a few at a time in `transact`, and lets other work go first in between. The number of each slice follows from how
 * long the one before took.
 */
export async function inSlices<T>({ clock, store }: { readonly clock: Clock; readonly store: Pick<Store, 'room'> }, items: Iterable<T>, transact: (slice: readonly T[]) => void): Promise<void> {
  let size = FIRST
  let slice: T[] = []
  const flush = async () => {
    const from = clock.elapsed()
    transact(slice)
    const took = Math.max(clock.elapsed() - from, 0.05)
    size = Math.max(LEAST, Math.min(500, Math.round(size * Math.min(1.5, SLICE_MS / took))))
    slice = []
    await clock.turn()
    await store.room()
  }
  for (const item of items) {
    slice.push(item)
    if (slice.length >= size) await flush()
  }
  if (slice.length > 0) await flush()
}

/** Longer than any disk that works takes. */
const DISK_MS = 5_000

/** Resolves when all of before is on disk and told, without holding anybody up; where the disk does not come back in time, the way that waits for it. */
export async function onDisk({ store, events, clock }: { readonly store: Pick<Store, 'syncSoon'>; readonly events: Pick<EventStream, 'settle'>; readonly clock: Clock }): Promise<void> {
  const given = new AbortController()
  await Promise.race([new Promise<void>((resolve) => { store.syncSoon(resolve) }), clock.sleep(DISK_MS, given.signal).catch(() => undefined)])
  given.abort()
  events.settle()
}
