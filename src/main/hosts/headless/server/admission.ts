import { AppError } from '#core/errors'
import type { Clock } from '#core/ports/system'
import type { CallGuard } from '../../shared/calls'
import { createTokenBucket, type RateProfiles } from './rate-limiter'

/** Calls and open streams over REST and RPC sockets together. */
const MAX_OPEN_CALLS = 1000

export interface Admission extends CallGuard {
  /** From now on every new call is refused. */
  stop(): void
  isStopped(): boolean
  /** Throws AppError `SHUTTING_DOWN` after `stop`. */
  check(): void
}

export function createAdmission(profiles: Pick<RateProfiles, 'createSession'>, clock: Clock, maxOpenCalls = MAX_OPEN_CALLS): Admission {
  const sessions = createTokenBucket(profiles.createSession, clock)
  let open = 0
  let stopped = false

  const check = () => {
    if (stopped) throw new AppError('SHUTTING_DOWN', 'Trestle is stopping. What was accepted is kept; start it again to go on.')
  }
  return {
    check,
    stop: () => {
      stopped = true
    },
    isStopped: () => stopped,
    admit: (path) => {
      check()
      if (open >= maxOpenCalls) throw new AppError('SERVICE_UNAVAILABLE', 'Too many calls are open at the same time.', { retryAfterMs: 1000 })
      if (path.join('.') === 'sessions.create') sessions.take()
      open += 1
      return () => {
        open -= 1
      }
    },
  }
}
