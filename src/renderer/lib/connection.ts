import type { ClientContext, ClientLink } from '@orpc/client'
import { createStore, type ReadableStore } from './external-store'

export type ConnectionState = 'connecting' | 'open' | 'offline' | 'refused'

/** One live transport: a WebSocket or a MessagePort. */
export interface Channel {
  readonly link: ClientLink<ClientContext>
  /** Settles when the transport ends, for whatever reason. Never rejects. */
  readonly closed: Promise<void>
  close(): void
}

/** The server does not know the token. Trying again with the same one is pointless. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** A call could not be made or its answer was lost. What the server did of it is not known. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError'
  constructor() {
    super('Trestle cannot be reached right now. It connects again by itself; then try once more.')
  }
}

export interface ConnectionOptions {
  /** Rejects with RefusedError when the token is not accepted, with anything else when the server is not there. */
  readonly connect: () => Promise<Channel>
  /** Calls back once after so many ms; returns the disposer. */
  readonly after: (ms: number, callback: () => void) => () => void
  /** 0 to 1. */
  readonly random: () => number
}

export interface Connection {
  readonly state: ReadableStore<ConnectionState>
  /** Calls go over the channel that is open now, and fail at once with NotConnectedError while there is none. */
  readonly link: ClientLink<ClientContext>
  /** Tries at once instead of waiting for the back-off; nothing while connected. */
  retryNow(): void
  dispose(): void
}

const firstDelayMs = 250
const longestDelayMs = 5_000

/** How long to wait before attempt `attempt` (0 is the first after a failure). */
export function backOffMs(attempt: number, random: number): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt, 10))
  return Math.round(ceiling / 2 + (ceiling / 2) * random)
}

export function createConnection(options: ConnectionOptions): Connection {
  const state = createStore<ConnectionState>('connecting')
  let channel: Channel | null = null
  let failures = 0
  let disposed = false
  let cancelWait: (() => void) | null = null

  async function attempt(): Promise<void> {
    cancelWait = null
    const opened = await options.connect().catch((error: unknown) => onFailure(error))
    if (!opened) return
    if (disposed) return opened.close()
    channel = opened
    failures = 0
    state.set('open')
    await opened.closed
    channel = null
    if (!disposed) wait()
  }

  function onFailure(error: unknown): null {
    if (disposed) return null
    if (error instanceof RefusedError) state.set('refused')
    else wait()
    return null
  }

  function wait(): void {
    state.set('offline')
    cancelWait = options.after(backOffMs(failures, options.random()), () => void attempt())
    failures += 1
  }

  void attempt()

  return {
    state,
    link: {
      call: async (path, input, callOptions) => {
        const used = channel
        if (used === null) throw new NotConnectedError()
        try {
          return await used.link.call(path, input, callOptions)
        } catch (error) {
          throw channel === used || callOptions.signal?.aborted === true ? error : new NotConnectedError()
        }
      },
    },
    retryNow: () => {
      if (cancelWait === null) return
      cancelWait()
      void attempt()
    },
    dispose: () => {
      disposed = true
      cancelWait?.()
      channel?.close()
    },
  }
}
