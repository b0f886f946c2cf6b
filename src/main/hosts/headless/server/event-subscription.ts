import type { WebSocket } from 'ws'
import type { StreamMessage, SubscribeInput } from '#contract/events'
import type { CallGuard } from '../../shared/calls'
import { sendPaced } from './paced-send'

export interface EventSource {
  subscribe(input: SubscribeInput, signal: AbortSignal): AsyncIterable<StreamMessage>
}

export interface EventSubscription {
  /** Takes the place of the one before; nothing of that one is sent any more. */
  start(input: SubscribeInput): Promise<void>
  stop(): Promise<void>
}

/** Forwards events to a socket, as fast as it reads. `onError` gets what ended a subscription early. */
export function createEventSubscription({ socket, events, guard, onError }: {
  readonly socket: WebSocket
  readonly events: EventSource
  readonly guard: CallGuard
  readonly onError: (error: unknown) => Promise<void>
}): EventSubscription {
  let current = new AbortController()
  let forwarding: Promise<void> = Promise.resolve()

  const forward = async (input: SubscribeInput, signal: AbortSignal) => {
    const release = guard.admit(['events', 'subscribe'])
    try {
      for await (const message of events.subscribe(input, signal)) {
        if (signal.aborted) return
        await sendPaced(socket, JSON.stringify(message))
      }
    } finally {
      release()
    }
  }
  const stop = () => {
    current.abort()
    return forwarding
  }
  socket.once('close', () => current.abort())

  return {
    stop,
    start: async (input) => {
      await stop()
      current = new AbortController()
      if (socket.readyState !== socket.OPEN) return
      forwarding = forward(input, current.signal).catch(onError)
    },
  }
}
