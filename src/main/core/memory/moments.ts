import type { Clock } from '../ports/system'

/** The clock of what can be read back by its moments: it never goes back, and what comes after a mark is later than the mark. */
export interface Moments extends Clock {
  /** A moment that tells what was there before from what comes. */
  mark(): number
}

export function createMoments(clock: Clock): Moments {
  let earliest = Number.NEGATIVE_INFINITY
  const now = () => (earliest = Math.max(earliest, clock.now()))
  return {
    ...clock,
    now,
    mark: () => {
      const moment = now()
      earliest = moment + 1
      return moment
    },
  }
}
