import type { WebSocket } from 'ws'
import { AppError, assertNever, isAppError } from '#core/errors'
import type { Clock } from '#core/ports/system'
import type { CallGuard } from '../../shared/calls'
import { newTraceId } from '../../shared/trace-id'
import { toErrorBody, type ReportBug } from '../../shared/wire-error'
import type { Credentials, Visitor } from './credentials'
import { createEventSubscription, type EventSource } from './event-subscription'
import { sendPaced } from './paced-send'
import { createTokenBucket, type RateProfiles } from './rate-limiter'
import { parseStreamCommand, type StreamAnswer, type StreamCommand } from './stream-messages'

export const CLOSE_UNAUTHENTICATED = 4401
const CLOSE_POLICY = 1008
const AUTH_WITHIN_MS = 5000
/** Messages that could not be used before the socket is closed. */
const MAX_STRIKES = 5

export interface StreamSocketOptions {
  readonly events: EventSource
  readonly credentials: Credentials
  /** Told who came; null: nobody who may. */
  readonly onLogin: (visitor: Visitor | null) => void
  readonly guard: CallGuard
  readonly rates: Pick<RateProfiles, 'streamMessage'>
  readonly clock: Clock
  readonly reportBug: ReportBug
}

/**
 * Serves `/ws/stream`: plain JSON, one subscription per socket. `token` is what came with the upgrade, if any; else
 * the first message has to bring it.
 */
export function serveStreamSocket(socket: WebSocket, token: string | null, options: StreamSocketOptions): void {
  const { credentials, clock, reportBug, onLogin } = options
  const traceId = newTraceId()
  const answer = (message: StreamAnswer) => sendPaced(socket, JSON.stringify(message))
  const fail = (error: unknown) => answer({ type: 'error', ...toErrorBody(error, traceId, reportBug) })
  const refuse = async (message: string) => {
    await fail(new AppError('AUTHENTICATION_ERROR', message))
    socket.close(CLOSE_UNAUTHENTICATED, 'authentication failed')
  }

  const subscription = createEventSubscription({ ...options, socket, onError: fail })
  const cancelDeadline = clock.after(AUTH_WITHIN_MS, () => void refuse('No token came within 5 s.'))
  let held: string | null = null
  const authenticate = async (candidate: string) => {
    const visitor = credentials.visitorOf(candidate)
    onLogin(visitor)
    if (visitor === null) return refuse('This is not the token of this server.')
    cancelDeadline()
    held = candidate
    await answer({ type: 'authenticated' })
  }

  const run = async (command: StreamCommand): Promise<void> => {
    if (held === null && command.type !== 'auth') return refuse('Send {"type":"auth","token":…} first.')
    switch (command.type) {
      case 'auth':
        return authenticate(command.token)
      case 'subscribe': {
        const { type: _type, ...input } = command
        return subscription.start(input)
      }
      case 'unsubscribe':
        await subscription.stop()
        return answer({ type: 'unsubscribed' })
      case 'ping':
        return answer({ type: 'pong' })
      default:
        return assertNever(command)
    }
  }

  receiveCommands(socket, { ...options, run, fail, first: token === null ? undefined : { type: 'auth', token }, onBug: (error) => reportBug(error, traceId) })
  const stopWatching = credentials.onDidRevoke(() => {
    if (held !== null && credentials.accessOf(held) === null) void refuse('The token was revoked.')
  })
  socket.once('close', () => {
    cancelDeadline()
    stopWatching()
  })
}

interface Receiver extends Pick<StreamSocketOptions, 'rates' | 'clock'> {
  readonly run: (command: StreamCommand) => Promise<void>
  readonly fail: (error: unknown) => Promise<void>
  /** Runs before anything that is received. */
  readonly first: StreamCommand | undefined
  readonly onBug: (error: unknown) => void
}

/** Runs commands in the order in which they come; too many, or too many bad ones, end the socket. */
function receiveCommands(socket: WebSocket, { rates, clock, run, fail, first, onBug }: Receiver): void {
  const bucket = createTokenBucket(rates.streamMessage, clock)
  let strikes = 0
  let done: Promise<void> = Promise.resolve()

  const enqueue = (command: StreamCommand) => {
    done = done.then(() => (socket.readyState === socket.OPEN ? run(command) : undefined)).catch(onBug)
  }
  const strike = (error: AppError) => {
    strikes += 1
    done = done.then(() => fail(error))
    if (strikes >= MAX_STRIKES) done = done.then(() => socket.close(CLOSE_POLICY, 'too many messages that could not be used'))
  }

  if (first) enqueue(first)
  socket.on('message', (data, isBinary) => {
    // What still comes after the last strike is dropped, so that nothing piles up.
    if (strikes >= MAX_STRIKES) return
    try {
      bucket.take()
      const parsed = isBinary || !Buffer.isBuffer(data) ? { problem: 'Messages are JSON text.' } : parseStreamCommand(data.toString('utf8'))
      if ('command' in parsed) enqueue(parsed.command)
      else strike(new AppError('INVALID_PARAMETERS', parsed.problem))
    } catch (error) {
      if (!isAppError(error)) throw error
      strike(error)
    }
  })
}
