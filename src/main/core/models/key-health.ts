import type { KeyState } from '#contract/models'
import type { AppError } from '../errors'
import type { Clock } from '../ports/system'

/** A key that was limited is left alone for so long at least, so that each is told of once a minute at most. */
const SHORTEST_LIMIT_MS = 60_000
const LONGEST_LIMIT_MS = 60 * 60_000
const NO_CREDIT_MS = 15 * 60_000

export type KeyFault = Extract<KeyState, 'refused' | 'limited' | 'no_credit'>

export interface Health {
  readonly state: 'untried' | 'works' | KeyFault
  /** Left alone until then; null: not, or until it is another one. */
  readonly until: number | null
}

const untried: Health = { state: 'untried', until: null }

/** What is wrong with the key itself; null: the failure says nothing of it. */
export function keyFault({ code }: AppError): KeyFault | null {
  if (code === 'KEY_REFUSED') return 'refused'
  if (code === 'RATE_LIMIT_ERROR') return 'limited'
  return code === 'NO_CREDITS' ? 'no_credit' : null
}

/** What providers said of keys since the start, in memory. */
export interface KeyHealth {
  of(keyId: string): Health
  /** Whether others are asked first. */
  isResting(keyId: string): boolean
  worked(keyId: string): void
  failed(keyId: string, error: AppError): void
  forget(keyId: string): void
}

export function createKeyHealth({ now }: Pick<Clock, 'now'>): KeyHealth {
  const known = new Map<string, Health>()
  const of = (keyId: string): Health => {
    const health = known.get(keyId) ?? untried
    return health.until !== null && health.until <= now() ? untried : health
  }
  return {
    of,
    isResting: (keyId) => ['refused', 'limited', 'no_credit'].includes(of(keyId).state),
    worked: (keyId) => void known.set(keyId, { state: 'works', until: null }),
    failed: (keyId, error) => {
      const state = keyFault(error)
      if (state !== null) known.set(keyId, { state, until: untilOf(state, error, now()) })
    },
    forget: (keyId) => void known.delete(keyId),
  }
}

function untilOf(state: KeyFault, { retryAfterMs = 0 }: AppError, now: number): number | null {
  if (state === 'refused') return null
  return now + (state === 'no_credit' ? NO_CREDIT_MS : Math.min(LONGEST_LIMIT_MS, Math.max(SHORTEST_LIMIT_MS, retryAfterMs)))
}
