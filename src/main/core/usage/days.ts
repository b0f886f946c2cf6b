import { AppError } from '../errors'

/** A day of the calendar somewhere: from its first moment to that of the next one, in ms since the epoch. */
export interface Day {
  readonly day: string
  readonly from: number
  readonly until: number
}

const dayMs = 86_400_000

/** The last `count` days in a time zone, today included, oldest first. Throws AppError INVALID_PARAMETERS for a zone that is not known. */
export function lastDays(now: number, count: number, timeZone: string): readonly Day[] {
  const format = formatOf(timeZone)
  const [year = 0, month = 1, date = 1] = partsOf(format, now)
  const starts = Array.from({ length: count + 1 }, (_, index) => Date.UTC(year, month - 1, date - count + 1 + index))
  return starts.slice(0, -1).map((start, index) => ({
    day: new Date(start).toISOString().slice(0, 10),
    from: midnight(format, start),
    until: midnight(format, starts[index + 1] ?? start + dayMs),
  }))
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'iso8601', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
  } catch {
    throw new AppError('INVALID_PARAMETERS', `There is no time zone ${timeZone}.`)
  }
}

/** Year, month, day, hour, minute and second of a moment there. */
function partsOf(format: Intl.DateTimeFormat, at: number): readonly number[] {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  return [parts.get('year') ?? 0, parts.get('month') ?? 1, parts.get('day') ?? 1, parts.get('hour') ?? 0, parts.get('minute') ?? 0, parts.get('second') ?? 0]
}

function offsetAt(format: Intl.DateTimeFormat, at: number): number {
  const [year = 0, month = 1, date = 1, hour = 0, minute = 0, second = 0] = partsOf(format, at)
  return Date.UTC(year, month - 1, date, hour, minute, second) - Math.floor(at / 1000) * 1000
}

/** The moment at which the clock there shows what `local` shows in UTC. Asked twice, since the offset may change on that day. */
function midnight(format: Intl.DateTimeFormat, local: number): number {
  const first = local - offsetAt(format, local)
  return local - offsetAt(format, first)
}
