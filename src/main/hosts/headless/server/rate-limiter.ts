import { AppError } from '#core/errors'
import type { Clock } from '#core/ports/system'

export interface RateProfile {
  /** Calls that may come at once. */
  readonly capacity: number
  readonly perSecond: number
}

export const rateProfiles = {
  /** REST calls of one token: far above what a window or a script that polls needs. */
  api: { capacity: 400, perSecond: 200 },
  /** A script may well open a hundred at once; one that never stops is slowed down. */
  createSession: { capacity: 200, perSecond: 2 },
  /** Messages of one event-stream socket. */
  streamMessage: { capacity: 60, perSecond: 10 },
} as const satisfies Readonly<Record<string, RateProfile>>
export type RateProfiles = Readonly<Record<keyof typeof rateProfiles, RateProfile>>

export interface TokenBucket {
  /** Takes one; throws AppError `RATE_LIMIT_ERROR` with the time to wait when none is left. */
  take(): void
}

export function createTokenBucket({ capacity, perSecond }: RateProfile, clock: Pick<Clock, 'elapsed'>): TokenBucket {
  let left = capacity
  let countedAt = clock.elapsed()
  return {
    take: () => {
      const now = clock.elapsed()
      left = Math.min(capacity, left + ((now - countedAt) / 1000) * perSecond)
      countedAt = now
      if (left < 1) throw tooMany(((1 - left) / perSecond) * 1000)
      left -= 1
    },
  }
}

const MOST_BUCKETS = 200

/** One for each client, so that one that never stops slows down no other. The one that was asked for longest ago is forgotten first. */
export function createTokenBuckets(profile: RateProfile, clock: Pick<Clock, 'elapsed'>): { take(client: string): void } {
  const buckets = new Map<string, TokenBucket>()
  return {
    take: (client) => {
      const bucket = buckets.get(client) ?? createTokenBucket(profile, clock)
      buckets.delete(client)
      buckets.set(client, bucket)
      const [oldest] = buckets.keys()
      if (buckets.size > MOST_BUCKETS && oldest !== undefined) buckets.delete(oldest)
      bucket.take()
    },
  }
}

function tooMany(retryAfterMs: number): AppError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  return new AppError('RATE_LIMIT_ERROR', `Too many requests; try again in ${seconds} s.`, { retryAfterMs })
}
