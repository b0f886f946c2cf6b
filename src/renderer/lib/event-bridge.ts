import type { EventEnvelope, StreamMessage, SubscribeInput } from '#contract/events'
import type { ConnectionState } from './connection'
import type { ReadableStore } from './external-store'

export interface EventBridgeOptions {
  readonly subscribe: (input: SubscribeInput, options: { readonly signal: AbortSignal }) => Promise<AsyncIterable<StreamMessage>>
  readonly connection: ReadableStore<ConnectionState>
  readonly onEvent: (event: EventEnvelope) => void
  /** The stream is open for the first time: what is loaded from now on misses nothing. */
  readonly onReady: () => void
  /** Events were missed that cannot be had any more. */
  readonly onReset: () => void
  /** The stream is open again without a gap. */
  readonly onResume: () => void
  /** Resolves after so many ms; early when the signal aborts. Never rejects. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
}

const retryMs = 1_000

/** One subscription for the whole window, taken up again after every break at the position it had reached. Returns the disposer. */
export function startEventBridge(options: EventBridgeOptions): () => void {
  const stop = new AbortController()
  const position: { seq: number | null } = { seq: null }

  function accept(message: StreamMessage): void {
    if (message.topic !== 'stream.open') {
      position.seq = message.seq
      return options.onEvent(message)
    }
    const isFirst = position.seq === null
    if (isFirst || message.reset) position.seq = message.seq
    if (isFirst) options.onReady()
    else if (message.reset) options.onReset()
    else options.onResume()
  }

  async function follow(): Promise<void> {
    const input = position.seq === null ? {} : { since: position.seq }
    const stream = await options.subscribe(input, { signal: stop.signal })
    for await (const message of stream) {
      if (stop.signal.aborted) return
      accept(message)
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await untilOpen(options.connection, stop.signal)
      if (stop.signal.aborted) return
      // A broken stream is expected here; the connection's state tells people about it.
      await follow().catch(() => undefined)
      if (options.connection.get() === 'open') await options.pause(retryMs, stop.signal)
    }
  }

  void run()
  return () => stop.abort()
}

function untilOpen(connection: ReadableStore<ConnectionState>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (connection.get() !== 'open' && !signal.aborted) return
      unsubscribe()
      signal.removeEventListener('abort', check)
      resolve()
    }
    const unsubscribe = connection.subscribe(check)
    signal.addEventListener('abort', check)
    check()
  })
}
