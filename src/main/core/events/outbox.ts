import type { EventEnvelope } from '#contract/events'
import type { Durability, Store } from '../ports/store'

/** Events on their way out: none that is stored leaves before it is on disk, and none before the ones in front of it. */
export interface Outbox {
  /** Takes the events of a transaction that was just written. */
  add(events: readonly EventEnvelope[], durability: Durability): void
  /** Takes an event that is not stored. It leaves at once, or behind those that wait; `urgent` makes them hurry. */
  pass(event: EventEnvelope, urgent: boolean): void
  /** What waits starts on its way to the disk. */
  hurry(): void
  /** Puts on disk and publishes what waits. */
  settle(): void
}

interface Batch {
  readonly events: readonly EventEnvelope[]
  mayLeave: boolean
}

export function createOutbox({ store, publish }: {
  readonly store: Pick<Store, 'sync' | 'syncSoon' | 'hurry'>
  readonly publish: (event: EventEnvelope) => void
}): Outbox {
  let waiting: Batch[] = []

  const publishAll = () => {
    const batches = waiting
    waiting = []
    for (const { events } of batches) for (const event of events) publish(event)
  }
  const publishReady = () => {
    const held = waiting.findIndex(({ mayLeave }) => !mayLeave)
    if (held < 0) return publishAll()
    const ready = waiting.slice(0, held)
    waiting = waiting.slice(held)
    for (const { events } of ready) for (const event of events) publish(event)
  }

  const settle = () => {
    if (waiting.length === 0) return
    store.sync()
    publishAll()
  }

  const hurry = () => {
    if (waiting.length > 0) store.hurry()
  }

  return {
    settle,
    hurry,
    add: (events, durability) => {
      const batch: Batch = { events, mayLeave: false }
      waiting.push(batch)
      if (durability === 'disk') return publishAll()
      store.syncSoon(() => {
        batch.mayLeave = true
        publishReady()
      })
    },
    pass: (event, urgent) => {
      if (waiting.length === 0) return publish(event)
      waiting.push({ events: [event], mayLeave: true })
      if (urgent) hurry()
    },
  }
}
