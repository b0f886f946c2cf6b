import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'

/** Longer would be noticed by whoever waits for the same thread. */
const SLICE_MS = 2.5
const MOST = 500

/**
 * Does something with each, in slices, each in one `transact`, and lets other work go first in between. A slice has no items any more once
 * its time is over; `transact` does all that an item needs before it takes the next one.
 */
export async function inSlices<T>({ clock, store }: { readonly clock: Clock; readonly store: Pick<Store, 'room'> }, items: Iterable<T>, transact: (slice: Iterable<T>) => void): Promise<void> {
  const iterator = items[Symbol.iterator]()
  let next = iterator.next()
  function* slice(): Generator<T> {
    const until = clock.elapsed() + SLICE_MS
    for (let count = 0; !next.done && count < MOST && clock.elapsed() < until; count += 1) {
      yield next.value
      next = iterator.next()
    }
  }
  while (!next.done) {
    transact(slice())
    await store.room()
    // After that: what comes from a thread is told between others' work, and two slices would stand side by side there.
    await clock.turn()
  }
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
