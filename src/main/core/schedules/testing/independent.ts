/** Due times found another way than the product does: dates one by one, local times read field by field from Intl. */

export interface Change {
  /** The first minute with the new offset. */
  readonly at: number
  readonly before: number
  readonly after: number
}

export interface Rules {
  /** At the begin of the span. */
  readonly first: number
  readonly changes: readonly Change[]
}

const MINUTE = 60_000
const DAY = 86_400_000

function reader(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
  // 2024-03-31 02:00:00
  return (instant) => Date.parse(`${format.format(instant).replace(' ', 'T')}Z`) - instant
}

/** Looks twice a day, then minute by minute where something changed. */
export function rulesOf(zone: string, from: number, until: number): Rules {
  const offset = reader(zone)
  const first = offset(from)
  const changes: Change[] = []
  let before = first
  for (let instant = from; instant < until; instant += DAY / 2) {
    const after = offset(instant + DAY / 2)
    if (after === before) continue
    let at = instant
    while (offset(at) === before) at += MINUTE
    changes.push({ at, before, after })
    before = after
  }
  return { first, changes }
}

export function offsetAt({ first, changes }: Rules, instant: number): number {
  return changes.findLast(({ at }) => at <= instant)?.after ?? first
}

/** When a local time comes: once. In a gap it is what it would have been without it; of two it is the first. */
function instantOf(rules: Rules, local: number): number {
  const offsets = new Set([rules.first, ...rules.changes.flatMap(({ before, after }) => [before, after])])
  const real = [...offsets].map((offset) => local - offset).filter((instant) => instant + offsetAt(rules, instant) === local).sort((left, right) => left - right)
  const [earliest] = real
  if (earliest !== undefined) return earliest
  const gap = rules.changes.find(({ at, before, after }) => after > before && local - before >= at && local - after < at)
  if (!gap) throw new Error('a local time that is nowhere')
  return local - gap.before
}

/** One local time per date that `matches`. */
export function byDate(rules: Rules, from: number, until: number, time: string, matches: (date: Date) => boolean): number[] {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const found: number[] = []
  for (let day = Math.floor(from / DAY) * DAY - 2 * DAY; day < until + 2 * DAY; day += DAY) {
    if (!matches(new Date(day))) continue
    const instant = instantOf(rules, day + hours * 60 * MINUTE + minutes * MINUTE)
    if (instant > from && instant <= until) found.push(instant)
  }
  return [...new Set(found)].sort((left, right) => left - right)
}

/** Every instant at which the clock shows a full hour. Offsets are whole minutes, most of them whole quarters. */
export function fullHours(rules: Rules, from: number, until: number): number[] {
  const found: number[] = []
  for (let instant = Math.floor(from / MINUTE) * MINUTE + MINUTE; instant <= until; instant += MINUTE) {
    if ((instant + offsetAt(rules, instant)) % (60 * MINUTE) === 0) found.push(instant)
  }
  return found
}
