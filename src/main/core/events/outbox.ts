import type { EventEnvelope } from '#contract/events'
import type { Durability, Store } from '../ports/store'

/** Stored events on their way out: none leaves before it is on disk, and none before the ones in front of it. */
export interface Outbox {
  /** Takes the events of a transaction that was just written. */
  add(events: readonly EventEnvelope[], durability: Durability): void
  /** Puts on disk and publishes what waits. */
  settle(): void
}

export function createOutbox({ store, publish }: {
  readonly store: Pick<Store, 'sync' | 'syncSoon'>
  readonly publish: (event: EventEnvelope) => void
}): Outbox {
  let waiting: EventEnvelope[] = []

  const publishAll = () => {
    const events = waiting
    waiting = []
    for (const event of events) publish(event)
  }

  return {
    add: (events, durability) => {
      waiting.push(...events)
      if (durability === 'disk') publishAll()
      else store.syncSoon(publishAll)
    },
    settle: () => {
      if (waiting.length === 0) return
      store.sync()
      publishAll()
    },
  }
}
