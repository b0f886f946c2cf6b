import type { Settings } from '#contract/settings'
import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock, Logger } from '../ports/system'

export interface ParkPorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: () => Settings
  readonly newTraceId: () => string
}

const LOOK_EVERY_MS = 30_000
const AT_ONCE = 200

/**
 * What nobody has answered in time is parked: it says so and stays open. A time-out decides nothing; what waits holds no place, and the
 * answer goes on with it whenever it comes. The result stops it.
 */
export function startParking(ports: ParkPorts): () => void {
  let cancel = () => {}
  const next = () => {
    cancel = ports.clock.after(LOOK_EVERY_MS, () => {
      next()
      try {
        parkOverdue(ports)
      } catch (error) {
        ports.logger.warn('requests.not_parked', { error })
      }
    })
  }
  next()
  return () => cancel()
}

function parkOverdue({ store, events, clock, settings, newTraceId }: ParkPorts): void {
  const { parkAfterMinutes } = settings().requests
  if (parkAfterMinutes === null) return
  const overdue = store.requests.listToPark(clock.now() - parkAfterMinutes * 60_000, AT_ONCE)
  if (overdue.length === 0) return
  const traceId = newTraceId()
  events.transact((emit) => {
    for (const { id, sessionId, runId } of overdue) {
      store.requests.park(id, clock.now())
      const request = store.requests.get(id)
      if (request) emit({ topic: 'human.request', payload: { request } }, { sessionId, runId, traceId })
    }
  })
}
