import type { EventEnvelope } from '#contract/events'
import type { Durability, Store } from '../ports/store'
import type { Clock } from '../ports/system'

/** Events on their way out: none that is stored leaves before it is on disk, and none before the ones in front of it. */
export interface Outbox {
  /** Takes the events of a transaction that was just written. */
  add(events: readonly EventEnvelope[], durability: Durability): void
  /** Takes an event that is not stored. It leaves at once, or behind those that wait; they do not keep it for long. */
  pass(event: EventEnvelope): void
  /** Puts on disk and publishes what waits. */
  settle(): void
}

interface Batch {
  readonly events: readonly EventEnvelope[]
  mayLeave: boolean
}

/** A burst that keeps the event loop busy must not hold back what is shown live, so the outbox then waits for the disk itself. */
const LIVE_WAITS_MS = 4

export function createOutbox({ store, clock, publish }: {
  readonly store: Pick<Store, 'sync' | 'syncSoon'>
  readonly clock: Pick<Clock, 'elapsed'>
  readonly publish: (event: EventEnvelope) => void
}): Outbox {
  let waiting: Batch[] = []
  let waitingSince = 0

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

  return {
    settle,
    add: (events, durability) => {
      const batch: Batch = { events, mayLeave: false }
      if (waiting.length === 0) waitingSince = clock.elapsed()
      waiting.push(batch)
      if (durability === 'disk') return publishAll()
      store.syncSoon(() => {
        batch.mayLeave = true
        publishReady()
      })
    },
    pass: (event) => {
      if (waiting.length > 0 && clock.elapsed() - waitingSince >= LIVE_WAITS_MS) settle()
      if (waiting.length === 0) publish(event)
      else waiting.push({ events: [event], mayLeave: true })
    },
  }
}
