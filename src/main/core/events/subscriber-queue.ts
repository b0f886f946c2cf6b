import type { EventEnvelope, StreamMessage } from '#contract/events'

/** Messages a subscriber may be behind before it is told to load the state anew. */
export const MAX_QUEUED_MESSAGES = 10_000

export interface SubscriberQueue {
  push(event: EventEnvelope): void
  /** Messages in order, until `close`. */
  drain(): AsyncGenerator<StreamMessage, void, void>
  close(): void
}

/**
 * A bounded queue between the publisher, which never waits, and one subscriber. Text deltas of the same stream are
 * joined while they wait. When the bound is reached, what waits is dropped and replaced by a `reset`.
 */
export function createSubscriberQueue(bound = MAX_QUEUED_MESSAGES): SubscriberQueue {
  let waiting: StreamMessage[] = []
  let closed = false
  let wake: (() => void) | null = null

  const notify = () => {
    wake?.()
    wake = null
  }

  return {
    push: (event) => {
      if (closed) return
      const last = waiting.at(-1)
      const joined = last && joinDeltas(last, event)
      if (joined) waiting[waiting.length - 1] = joined
      else if (waiting.length >= bound) waiting = [{ topic: 'stream.open', seq: event.seq, reset: true }]
      else waiting.push(event)
      notify()
    },
    drain: async function* () {
      while (!closed) {
        const batch = waiting
        waiting = []
        yield* batch
        if (waiting.length === 0 && !closed) await new Promise<void>((resolve) => { wake = resolve })
      }
    },
    close: () => {
      closed = true
      waiting = []
      notify()
    },
  }
}

function joinDeltas(last: StreamMessage, next: EventEnvelope): EventEnvelope | null {
  if (last.topic === 'agent.token' && next.topic === 'agent.token') {
    const fits = last.payload.stepId === next.payload.stepId && last.payload.kind === next.payload.kind && follows(last.payload, next.payload)
    return fits ? { ...next, payload: { ...last.payload, delta: last.payload.delta + next.payload.delta } } : null
  }
  if (last.topic === 'tool.output' && next.topic === 'tool.output') {
    const fits = last.payload.stepId === next.payload.stepId && follows(last.payload, next.payload)
    return fits ? { ...next, payload: { ...last.payload, delta: last.payload.delta + next.payload.delta } } : null
  }
  return null
}

function follows(last: { offset: number; delta: string }, next: { offset: number }): boolean {
  return last.offset + last.delta.length === next.offset
}
