import { AppError } from '../errors'

/** From `at` on, local time is UTC plus `offset`; just before it was UTC plus `before`. All in ms. */
export interface Stretch {
  readonly at: number
  readonly before: number
  readonly offset: number
  /** Where the next one begins. */
  readonly end: number
}

export interface TimeZone {
  /** The stretch of constant offset that `instant` is in; begun and ended by a change, or by the year in which nothing changes. */
  stretchAt(instant: number): Stretch
  /** The instant of a local time. One that does not exist counts with the offset before the gap, one that exists twice is the first. */
  instantOf(local: number): number
}

const DAY_MS = 86_400_000

/** One object per zone. AppError INVALID_PARAMETERS for a name that the tz database does not have. */
export function createTimeZone(name: string): TimeZone {
  const offsetAt = offsetReader(name)
  const years = new Map<number, readonly Stretch[]>()

  const stretchesOf = (year: number): readonly Stretch[] => {
    const known = years.get(year)
    if (known) return known
    const found = findStretches(offsetAt, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1))
    // A schedule looks at a year or two; somebody who asks for all of them is not kept.
    if (years.size >= 64) years.clear()
    years.set(year, found)
    return found
  }
  const stretchAt = (instant: number): Stretch => {
    const found = stretchesOf(new Date(instant).getUTCFullYear()).findLast(({ at }) => at <= instant)
    if (!found) throw new Error(`no stretch of ${name} holds ${instant}`)
    return found
  }
  return {
    stretchAt,
    instantOf(local) {
      // The offset in force a day before, then whatever begins until the local time is reached.
      let { offset, end } = stretchAt(local - DAY_MS)
      while (local - offset >= end) {
        const next = stretchAt(end)
        if (local - next.offset < next.at) break
        offset = next.offset
        end = next.end
      }
      return local - offset
    },
  }
}

function findStretches(offsetAt: (instant: number) => number, from: number, until: number): Stretch[] {
  const starts = [{ at: from, before: offsetAt(from - 1), offset: offsetAt(from) }]
  for (let day = from; day < until; day += DAY_MS) {
    const [before, offset] = [offsetAt(day), offsetAt(Math.min(day + DAY_MS, until - 1))]
    if (before === offset) continue
    const at = bisect(offsetAt, day, Math.min(day + DAY_MS, until - 1))
    starts.push({ at, before, offset })
  }
  return starts.map((start, index) => ({ ...start, end: starts[index + 1]?.at ?? until }))
}

/** The first ms with the offset of `high`. */
function bisect(offsetAt: (instant: number) => number, low: number, high: number): number {
  const offset = offsetAt(high)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle) === offset) high = middle
    else low = middle
  }
  return high
}

function offsetReader(name: string): (instant: number) => number {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    return (instant) => parseOffset(format.format(instant))
  } catch (cause) {
    throw new AppError('INVALID_PARAMETERS', `“${name}” is no time zone. Take a name such as Europe/Berlin or UTC.`, { cause })
  }
}

/** `11/14/2023, GMT+01:00`; `GMT` alone is zero. */
function parseOffset(text: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT(?:([+-])(\d+)(?::(\d+))?(?::(\d+))?)?$/.exec(text) ?? []
  const ms = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  return sign === '-' ? -ms : ms
}
