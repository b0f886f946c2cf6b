import { AppError } from '../errors'
import type { DueTimes, DueWhen } from '../tasks/due-times'
import { createBoundedCache } from './bounded-cache'
import { parseCronPattern } from './cron-pattern'
import { createTimeZone, type TimeZone } from './time-zone'

/** A parsed pattern takes 0.15 MB, a zone less. */
const MAX_PATTERNS = 64
const MAX_ZONES = 64

/** One object per pattern and zone that is in use, never per schedule. */
export function createDueTimes(): DueTimes {
  const patternOf = createBoundedCache(MAX_PATTERNS, parseCronPattern)
  const zoneOf = createBoundedCache(MAX_ZONES, createTimeZone)

  return {
    next(when, after) {
      const zone = zoneOf(when.timeZone)
      if (when.kind === 'planned') return when.dates.map((date) => instantOf(date, zone)).filter((date) => date > after).sort((left, right) => left - right)[0] ?? null
      const next = patternOf(when.cron).next(Math.max(after, (when.startAt ?? 0) - 1), zone)
      return next === null || (when.endAt !== null && next > when.endAt) ? null : next
    },
  }
}

/** Due times in (after, until], oldest first, at most `limit`. */
export function dueBetween(dueTimes: DueTimes, when: DueWhen, after: number, until: number, limit: number): number[] {
  const found: number[] = []
  for (let next = dueTimes.next(when, after); next !== null && next <= until && found.length < limit; next = dueTimes.next(when, next)) found.push(next)
  return found
}

/** The newest due time in (after, until]; null where there is none. Looks back in growing steps, so it costs the same after any absence. */
export function newestDue(dueTimes: DueTimes, when: DueWhen, after: number, until: number): number | null {
  for (let step = 1_000; ; step *= 4) {
    const from = Math.max(after, until - step)
    let newest: number | null = null
    for (let next = dueTimes.next(when, from); next !== null && next <= until; next = dueTimes.next(when, next)) newest = next
    if (newest !== null || from === after) return newest
  }
}

/** An ISO date-time; without an offset it is meant in the zone. Throws AppError INVALID_PARAMETERS. */
function instantOf(date: string, zone: TimeZone): number {
  const hasOffset = /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(date)
  const time = Date.parse(hasOffset ? date : `${date}Z`)
  if (Number.isNaN(time)) throw new AppError('INVALID_PARAMETERS', `“${date}” is no date and time. Write it as 2026-12-24T18:00.`)
  return hasOffset ? time : zone.instantOf(time)
}
