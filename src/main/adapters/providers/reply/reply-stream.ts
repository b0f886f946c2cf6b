import { AppError } from '#core/errors'
import type { ModelEvent } from '#core/ports/model-provider'
import { createEventQueue, type EventQueue } from './event-queue'
import { createSilenceWatch, type SilenceWatch } from './silence-watch'

export type FinishedReply = Omit<Extract<ModelEvent, { type: 'done' }>, 'type' | 'text'>

/** Where a provider's reader puts what it reads. */
export interface ReplyWriter {
  /** Aborts when nobody wants the reply any more. To be given to the SDK. */
  readonly controller: AbortController
  text(delta: string): void
  thinking(delta: string): void
  toolCall(name: string): void
  /** Counts what is neither text nor thinking. Throws, as those do, when the reply has grown too large. */
  grow(characters: number): void
  /** The server has begun to answer. */
  answered(): void
  /** Bytes arrived. */
  received(bytes: number): void
  /** They were read as an event. */
  parsed(): void
  /** Null, or what to wait for before reading on, see the event queue. */
  room(): Promise<void> | null
}

export interface ReplyLimits {
  /** Until the server begins to answer, in ms. */
  readonly answerMs: number
  /** Between any two bytes of the answer, in ms. */
  readonly idleMs: number
  /** Characters of text, thinking and tool arguments together. */
  readonly maxCharacters: number
}

export const defaultReplyLimits: ReplyLimits = { answerMs: 120_000, idleMs: 120_000, maxCharacters: 20_000_000 }

/** One event of the wire may not be larger than this. */
const maxEventBytes = 64_000_000

export interface ReplyCall {
  readonly signal: AbortSignal
  readonly limits: ReplyLimits
  /** For messages, for instance `OpenAI`. */
  readonly providerName: string
  /** Reads the whole reply. What it throws becomes the error event. */
  readonly read: (writer: ReplyWriter) => Promise<FinishedReply>
  readonly toError: (error: unknown, answered: boolean) => AppError
}

/**
 * Runs `read` and gives what it writes as model events: any number of deltas, then exactly one of `done`, `error`
 * and `aborted`. Begins when it is iterated. Never throws; settles at once on abort, whatever `read` does.
 */
export function streamReply(call: ReplyCall): AsyncIterable<ModelEvent> {
  return { [Symbol.asyncIterator]: () => startReply(call) }
}

function startReply(call: ReplyCall): AsyncIterator<ModelEvent> {
  const { signal } = call
  const queue = createEventQueue()
  const controller = new AbortController()
  const silence = createSilenceWatch(call.limits, (ms) => settle({ type: 'error', error: silent(call.providerName, ms) }))
  const writer = createWriter(call, queue, controller, silence)
  let state: 'new' | 'running' | 'settled' = 'new'

  function settle(event: ModelEvent) {
    if (state === 'settled') return
    state = 'settled'
    silence.stop()
    signal.removeEventListener('abort', onAbort)
    queue.end(event)
    if (event.type !== 'done') controller.abort()
  }

  function onAbort() {
    settle({ type: 'aborted' })
  }

  async function run() {
    try {
      const finished = await call.read(writer)
      settle({ type: 'done', text: queue.text(), ...finished })
    } catch (error) {
      settle({ type: 'error', error: error instanceof AppError ? error : call.toError(error, silence.hasAnswered()) })
    }
  }

  function start() {
    state = 'running'
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    silence.start()
    void run()
  }

  return {
    next() {
      if (state === 'new') start()
      return queue.next()
    },
    return() {
      settle({ type: 'aborted' })
      return Promise.resolve({ done: true, value: undefined })
    },
  }
}

function createWriter({ limits, providerName }: ReplyCall, queue: EventQueue, controller: AbortController, silence: SilenceWatch): ReplyWriter {
  let characters = 0
  let unparsedBytes = 0

  function grow(added: number) {
    characters += added
    if (characters > limits.maxCharacters) throw tooLarge(providerName)
  }

  return {
    controller,
    text(delta) {
      grow(delta.length)
      queue.delta('text', delta)
    },
    thinking(delta) {
      grow(delta.length)
      queue.delta('thinking', delta)
    },
    toolCall(name) {
      grow(name.length + 1)
      queue.push({ type: 'tool_call', name })
    },
    grow,
    answered: silence.answered,
    received(bytes) {
      silence.heard()
      unparsedBytes += bytes
      if (unparsedBytes > maxEventBytes) throw tooLarge(providerName)
    },
    parsed() {
      unparsedBytes = 0
    },
    room: queue.room,
  }
}

function silent(name: string, ms: number): AppError {
  return new AppError('TIMEOUT_ERROR', `${name} sent nothing for ${Math.round(ms / 1000)} seconds, so the call was ended; try again.`)
}

function tooLarge(name: string): AppError {
  return new AppError('PAYLOAD_TOO_LARGE', `The reply of ${name} grew without end and was stopped; ask for something smaller.`)
}
