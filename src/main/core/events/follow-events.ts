import type { StreamMessage, Topic } from '#contract/events'
import type { EventStream } from './event-stream'

/** Runs work whose failure is told, and must not keep what comes after it from being done. */
export type Guard = (work: () => unknown) => Promise<void>

export interface Following {
  readonly events: Pick<EventStream, 'subscribe'>
  readonly topics: readonly Topic[]
  /**
   * One message after the other, first `stream.open`. What it throws ends nothing but itself; where it does several things, each
   * of them can be guarded.
   */
  readonly consider: (message: StreamMessage, guard: Guard) => unknown
  /** Not called any more once it is stopped: what is cut off then is no failure. */
  readonly onError: (error: unknown) => void
}

/** Reads the events of some topics for as long as the program runs. The result stops it. */
export function followEvents({ events, topics, consider, onError }: Following): () => void {
  const stop = new AbortController()
  const guard: Guard = async (work) => {
    try {
      await work()
    } catch (error) {
      if (!stop.signal.aborted) onError(error)
    }
  }
  void guard(async () => {
    for await (const message of events.subscribe({ topics: [...topics] }, stop.signal)) await guard(() => consider(message, guard))
  })
  return () => stop.abort()
}
