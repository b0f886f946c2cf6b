import { Cron } from 'croner'
import { AppError } from '../errors'
import type { Stretch, TimeZone } from './time-zone'

export interface CronPattern {
  /** The first due time after `after`; null when there is none any more. */
  next(after: number, zone: TimeZone): number | null
}

/** Nothing that a pattern can say comes more rarely than 29 February on one weekday. */
const LOOK_AHEAD_MS = 41 * 366 * 86_400_000

/**
 * Five fields, or six with seconds first. Where clocks are changed: a pattern for every hour of the day follows elapsed time; any
 * other comes once for each local time it names. A local time that does not exist counts as it would without the change (02:30
 * becomes 03:30), one that exists twice counts the first time (as RFC 5545 has it). Throws AppError INVALID_PARAMETERS.
 */
export function parseCronPattern(text: string): CronPattern {
  // Local times are calculated as if they were UTC; the zone is ours to apply.
  const cron = parse(text)
  const everyHour = coversEveryHour(text)
  const nextLocal = (from: number) => cron.nextRun(new Date(from - 1))?.getTime() ?? null

  return {
    next(after, zone) {
      let stretch = zone.stretchAt(after + 1)
      for (const limit = after + LOOK_AHEAD_MS; stretch.at < limit; stretch = zone.stretchAt(stretch.end)) {
        const found = everyHour ? firstByElapsedTime(nextLocal, after + 1, stretch) : firstByLocalTime(nextLocal, after + 1, stretch)
        if (found === 'never') return null
        if (found !== null) return found
      }
      return null
    },
  }
}

type NextLocal = (from: number) => number | null

function firstByElapsedTime(nextLocal: NextLocal, from: number, { at, offset, end }: Stretch): number | 'never' | null {
  const local = nextLocal(Math.max(from, at) + offset)
  if (local === null) return 'never'
  return local - offset < end ? local - offset : null
}

function firstByLocalTime(nextLocal: NextLocal, from: number, stretch: Stretch): number | 'never' | null {
  const { at, before, offset, end } = stretch
  // What the clock shows a second time is passed over.
  const fresh = Math.max(from, at + Math.max(0, before - offset))
  const local = nextLocal(fresh + offset)
  const inGap = offset > before && from < at + offset - before ? nextLocal(Math.max(from, at) + before) : null
  const skipped = inGap !== null && inGap < at + offset ? inGap - before : Infinity
  if (local === null) return skipped === Infinity ? 'never' : skipped
  const found = Math.min(local - offset, skipped)
  return found < end ? found : null
}

function parse(text: string): Cron {
  try {
    return new Cron(text, { timezone: 'UTC', paused: true, mode: '5-or-6-parts' })
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.replace(/^CronPattern: /, '') : 'it makes no sense'
    throw new AppError('INVALID_PARAMETERS', `“${text}” is no pattern: ${said}`, { cause })
  }
}

const nicknames: Readonly<Record<string, boolean>> = {
  '@yearly': false, '@annually': false, '@monthly': false, '@weekly': false, '@daily': false, '@midnight': false, '@hourly': true,
}

function coversEveryHour(text: string): boolean {
  const nickname = nicknames[text.trim().toLowerCase()]
  if (nickname !== undefined) return nickname
  const hours = text.trim().split(/\s+/).at(-4) ?? ''
  if (/^(\*|\?|\*\/1)$/.test(hours)) return true
  // Whoever names hours of the day one by one may name them all.
  const day = parse(`0 0 ${hours} * * *`).nextRuns(24, new Date(-1))
  return day.length === 24 && (day.at(-1)?.getTime() ?? Infinity) < 86_400_000
}
