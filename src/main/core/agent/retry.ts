import type { AppError } from '../errors'
import type { Random } from '../ports/system'

export const MAX_ATTEMPTS = 4
const BASE_MS = 1000
const CAP_MS = 30_000
/** A provider that asks for more patience than this is better asked by a person, later. */
const MAX_RETRY_AFTER_MS = 120_000

/** How long to wait before attempt `attempt + 1`, in ms; null: do not try again. What the provider asks for wins; else full jitter over a doubling delay. */
export function retryDelay(error: AppError, attempt: number, random: Random): number | null {
  if (!error.retryable || attempt >= MAX_ATTEMPTS) return null
  if (error.retryAfterMs !== undefined) return error.retryAfterMs <= MAX_RETRY_AFTER_MS ? error.retryAfterMs : null
  return Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1)) * (0.5 + random() / 2)
}
