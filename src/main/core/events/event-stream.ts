import type { EventEnvelope, EventPayload, StreamMessage, SubscribeInput, Topic } from '#contract/events'
import type { Durability, Store } from '../ports/store'
import type { Clock } from '../ports/system'
import type { EventSource } from './event-source'
import { createLiveTexts, type LiveText, type LiveTextKind } from './live-text'

export type { EventSource } from './event-source'
export type { LiveText } from './live-text'
import { createOutbox } from './outbox'
import { createSubscriberQueue, type SubscriberQueue } from './subscriber-queue'

const REPLAY_PAGE = 500

/** Adds an event to the transaction at hand. It is published once the transaction is on disk. */
export type Emit = (event: EventDraft, source: EventSource) => void
export type EventDraft = { [T in Topic]: { readonly topic: T; readonly payload: EventPayload<T> } }[Topic]

export interface EventStream {
  /**
   * Runs `work` in a transaction of the store; its events are stored with it and published once it is on disk: when this
   * returns, or a moment after it where `durability` is `later`. A call inside another joins it.
   */
  transact<T>(work: (emit: Emit) => T, durability?: Durability): T
  /** Puts on disk and publishes what was left for later; to be called before anybody is told what the store holds. */
  settle(): void
  /** Opens a text that is written bit by bit: joined per frame, published, never stored. */
  openText(kind: LiveTextKind, source: EventSource): LiveText
  /**
   * First `stream.open` with the position, then stored events after `since`, then the texts being written, then what
   * comes. Ends when the signal aborts.
   */
  subscribe(input: SubscribeInput, signal: AbortSignal): AsyncGenerator<StreamMessage, void, void>
}

export function createEventStream({ store, clock }: { store: Pick<Store, 'transaction' | 'sync' | 'syncSoon' | 'hurry' | 'events'>; clock: Clock }): EventStream {
  const subscribers = new Set<{ queue: SubscriberQueue; wants: (event: EventEnvelope) => boolean }>()
  let pending: EventEnvelope[] | null = null

  const publish = (event: EventEnvelope) => {
    for (const subscriber of subscribers) if (subscriber.wants(event)) subscriber.queue.push(event)
  }
  const { add, pass, settle, hurry } = createOutbox({ store, publish })
  const liveTexts = createLiveTexts({ clock, publish: pass, prepare: hurry, nextSeq: store.events.nextSeq })

  const transact = <T>(work: (emit: Emit) => T, durability: Durability = 'disk'): T => {
    if (pending) return work(emitInto(pending))
    // The texts shown so far come before what is now recorded of them.
    liveTexts.flush()
    const collected: EventEnvelope[] = []
    pending = collected
    try {
      const result = store.transaction(() => work(emitInto(collected)), durability)
      add(collected, durability)
      return result
    } finally {
      pending = null
    }
  }

  const emitInto = (collected: EventEnvelope[]): Emit => (draft, source) => {
    const event: EventEnvelope = {
      ...draft, seq: store.events.nextSeq(), at: clock.now(),
      sessionId: source.sessionId, runId: source.runId, traceId: source.traceId,
    }
    store.events.append(event)
    collected.push(event)
  }

  return {
    transact,
    settle,
    openText: liveTexts.open,
    subscribe: async function* (input, signal) {
      const wants = matcher(input)
      const queue = createSubscriberQueue()
      const subscriber = { queue, wants }
      settle()
      const texts = liveTexts.snapshot().filter(wants)
      const position = store.events.lastSeq()
      subscribers.add(subscriber)
      const close = () => queue.close()
      signal.addEventListener('abort', close, { once: true })
      try {
        if (signal.aborted) return
        yield* replay(store, input.since, position, wants)
        yield* texts
        yield* queue.drain()
      } finally {
        subscribers.delete(subscriber)
        signal.removeEventListener('abort', close)
        queue.close()
      }
    },
  }
}

/** Stored events in (since, position], read in pages so that a long absence does not load everything at once. */
function* replay(
  store: Pick<Store, 'events'>, since: number | undefined, position: number, wants: (event: EventEnvelope) => boolean,
): Generator<StreamMessage, void, void> {
  if (since === undefined) {
    yield { topic: 'stream.open', seq: position, reset: false }
    return
  }
  let page = store.events.readAfter(since, REPLAY_PAGE)
  if (page === null) {
    yield { topic: 'stream.open', seq: position, reset: true }
    return
  }
  yield { topic: 'stream.open', seq: since, reset: false }
  while (page && page.length > 0) {
    let last = since
    for (const event of page) {
      if (event.seq > position) return
      if (wants(event)) yield event
      last = event.seq
    }
    page = store.events.readAfter(last, REPLAY_PAGE)
  }
  // Pruned while a slow reader was at it.
  if (page === null) yield { topic: 'stream.open', seq: position, reset: true }
}

function matcher({ topics, sessionId }: SubscribeInput): (event: EventEnvelope) => boolean {
  const wanted = topics && new Set<string>(topics)
  return (event) => (!wanted || wanted.has(event.topic)) && (sessionId === undefined || event.sessionId === sessionId || event.sessionId === null)
}
