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
  /**
   * Calls go over the channel that is open now. While there has been none for a moment only, as when Trestle is started
   * anew, they wait for the next one; after that they fail at once with NotConnectedError.
   */
  readonly link: ClientLink<ClientContext>
  /** Tries at once instead of waiting for the back-off; nothing while connected. */
  retryNow(): void
  dispose(): void
}

const firstDelayMs = 250
const longestDelayMs = 5_000
/** How long after a channel was lost calls still wait for the next one. */
const patienceMs = 3_000

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
  const next = createNextChannel(options.after)

  async function attempt(): Promise<void> {
    cancelWait = null
    const opened = await options.connect().catch((error: unknown) => onFailure(error))
    if (!opened) return
    if (disposed) return opened.close()
    channel = opened
    failures = 0
    state.set('open')
    next.arrived(opened)
    await opened.closed
    channel = null
    if (disposed) return
    next.expect()
    wait()
  }

  function onFailure(error: unknown): null {
    if (disposed) return null
    if (error instanceof RefusedError) {
      state.set('refused')
      next.giveUp()
    } else wait()
    return null
  }

  function wait(): void {
    state.set('offline')
    cancelWait = options.after(backOffMs(failures, options.random()), () => void attempt())
    failures += 1
  }

  next.expect()
  void attempt()

  return {
    state,
    link: {
      call: async (path, input, callOptions) => {
        const used = channel ?? (await next.wait())
        callOptions.signal?.throwIfAborted()
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
      next.giveUp()
      channel?.close()
    },
  }
}

/** Who calls while there is no channel, and how long they wait. */
function createNextChannel(after: ConnectionOptions['after']) {
  const waiting = new Set<{ readonly resolve: (channel: Channel) => void; readonly reject: (error: NotConnectedError) => void }>()
  let cancelPatience: (() => void) | null = null

  const end = () => {
    cancelPatience?.()
    cancelPatience = null
    const all = [...waiting]
    waiting.clear()
    return all
  }
  const giveUp = () => { for (const { reject } of end()) reject(new NotConnectedError()) }
  return {
    giveUp,
    expect: () => { cancelPatience ??= after(patienceMs, giveUp) },
    arrived: (channel: Channel) => { for (const { resolve } of end()) resolve(channel) },
    wait: () => new Promise<Channel>((resolve, reject) => {
      if (cancelPatience === null) reject(new NotConnectedError())
      else waiting.add({ resolve, reject })
    }),
  }
}
