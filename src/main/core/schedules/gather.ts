import type { DueTimes, DueWhen } from '../tasks/due-times'
import type { Situation } from './decide'
import { dueBetween, newestDue } from './due-times'

/** What went by and is newer than that still counts as on time when Trestle has just come back. */
const ON_TIME_MS = 60_000
/** Looked at one by one: more than any policy makes up for. */
const MAX_LOOKED_AT = 1_200

/** The due times of (after, now], told apart by whether Trestle was there: since `presentSince` it was. */
export function gather(dueTimes: DueTimes, when: DueWhen, after: number, now: number, presentSince: number): Pick<Situation, 'late' | 'fresh' | 'unseen'> {
  const boundary = Math.max(after, presentSince - 1)
  const present = dueBetween(dueTimes, when, boundary, now, MAX_LOOKED_AT)
  const absent = boundary > after ? dueBetween(dueTimes, when, after, boundary, MAX_LOOKED_AT) : []
  const last = absent.at(-1)
  const newest = absent.length < MAX_LOOKED_AT || last === undefined ? last : (newestDue(dueTimes, when, last, boundary) ?? last)
  const justNow = present.length === 0 && newest !== undefined && now - newest <= ON_TIME_MS
  const late = newest === undefined || newest === last ? absent : [...absent, newest]
  const lateOnes = justNow ? late.slice(0, -1) : late
  return { late: lateOnes, fresh: justNow ? [newest] : present, unseen: unseenBetween(dueTimes, when, last, newest) }
}

function unseenBetween(dueTimes: DueTimes, when: DueWhen, last: number | undefined, newest: number | undefined): Situation['unseen'] {
  if (last === undefined || newest === undefined || newest === last) return null
  const from = dueTimes.next(when, last)
  const until = newestDue(dueTimes, when, last, newest - 1)
  return from === null || until === null || from >= newest ? null : { from, until }
}
