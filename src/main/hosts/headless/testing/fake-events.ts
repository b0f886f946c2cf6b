import type { EventEnvelope, StreamMessage, SubscribeInput } from '#contract/events'
import type { EventSource } from '../server/event-subscription'

export interface FakeEvents extends EventSource {
  publish(event: EventEnvelope): void
  /** How many subscriptions are open. */
  readonly open: number
  /** Messages taken by subscribers so far. */
  readonly taken: number
  /** Resolves when no subscription is open. */
  idle(): Promise<void>
}

export function modelsUpdate(seq: number): EventEnvelope {
  return { seq, at: 1, sessionId: null, runId: null, traceId: 'trace', topic: 'models.update', payload: {} }
}

/** `endless`: a subscription never runs out of events, so only its reader can hold it back. */
export function createFakeEvents({ endless = false } = {}): FakeEvents {
  const log: EventEnvelope[] = []
  const wakers = new Set<() => void>()
  const idleWaiters = new Set<() => void>()
  let open = 0
  let taken = 0
  const wake = () => {
    for (const waker of [...wakers]) waker()
    wakers.clear()
  }

  async function* subscribe(input: SubscribeInput, signal: AbortSignal): AsyncGenerator<StreamMessage, void, void> {
    open += 1
    signal.addEventListener('abort', wake, { once: true })
    try {
      let position = input.since === undefined ? log.length : log.filter((event) => event.seq <= (input.since ?? 0)).length
      yield { topic: 'stream.open', seq: input.since ?? log.length, reset: false }
      while (!signal.aborted) {
        const next = endless ? { ...modelsUpdate(position + 1), traceId: 'x'.repeat(10_000) } : log[position]
        if (next === undefined) {
          await new Promise<void>((resolve) => wakers.add(resolve))
          continue
        }
        position += 1
        if (endless && position % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
        if (input.topics && !input.topics.includes(next.topic)) continue
        taken += 1
        yield next
      }
    } finally {
      open -= 1
      if (open === 0) for (const waiter of idleWaiters) waiter()
    }
  }

  return {
    subscribe,
    publish: (event) => {
      log.push(event)
      wake()
    },
    get open() {
      return open
    },
    get taken() {
      return taken
    },
    idle: () => (open === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.add(resolve))),
  }
}
