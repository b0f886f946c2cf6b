import { expect, it } from 'vitest'
import { createDueTimes } from './due-times'
import { byDate, fullHours, type Rules, rulesOf } from './testing/independent'
import { createTimeZone } from './time-zone'

const FROM = Date.UTC(2024, 0, 1)
const UNTIL = Date.UTC(2031, 0, 1)
const DAY = 86_400_000

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')]
const rules = new Map(zones.map((zone) => [zone, rulesOf(zone, FROM - 5 * DAY, UNTIL + 5 * DAY)]))
/** Zones with the same offsets and changes are the same to a schedule. */
const kinds = [...new Map(zones.map((zone) => [JSON.stringify(rules.get(zone)), zone])).values()]

const lastOfMonth = (date: Date) => new Date(date.getTime() + DAY).getUTCDate() === 1
const daily = () => true
const patterns: readonly (readonly [string, (rules: Rules, from: number, until: number) => number[]])[] = [
  ['0 0 * * *', (of, from, until) => byDate(of, from, until, '00:00', daily)],
  ['30 2 * * *', (of, from, until) => byDate(of, from, until, '02:30', daily)],
  ['15 9 * * MON', (of, from, until) => byDate(of, from, until, '09:15', (date) => date.getUTCDay() === 1)],
  ['30 2 * * SUN', (of, from, until) => byDate(of, from, until, '02:30', (date) => date.getUTCDay() === 0)],
  ['45 23 L * *', (of, from, until) => byDate(of, from, until, '23:45', lastOfMonth)],
  ['0 * * * *', fullHours],
]

function ours(cron: string, timeZone: string, from: number, until: number): number[] {
  const dueTimes = createDueTimes()
  const when = { kind: 'scheduled', cron, timeZone, misfire: { policy: 'skip' }, overlap: 'skip', jitterSeconds: 0, startAt: null, endAt: null } as const
  const found: number[] = []
  for (let next = dueTimes.next(when, from); next !== null && next <= until; next = dueTimes.next(when, next)) found.push(next)
  return found
}

function differences(zone: string, spans: readonly (readonly [number, number])[], only: (cron: string) => boolean = () => true): string[] {
  const of = rules.get(zone)
  if (!of) throw new Error(zone)
  return patterns.filter(([cron]) => only(cron)).flatMap(([cron, enumerate]) => spans.flatMap(([from, until]) => {
    const [expected, actual] = [enumerate(of, from, until), ours(cron, zone, from, until)]
    if (JSON.stringify(expected) === JSON.stringify(actual)) return []
    const missed = expected.filter((time) => !actual.includes(time)).map((time) => new Date(time).toISOString())
    const wrong = actual.filter((time, index) => !expected.includes(time) || actual.indexOf(time) !== index).map((time) => new Date(time).toISOString())
    return [`${zone} “${cron}”: missed ${missed.join(' ')}, double or wrong ${wrong.join(' ')}`]
  }))
}

it('reads the changes of every zone of the tz database from 2024 to 2030', () => {
  expect(zones.length).toBeGreaterThan(400)
  for (const zone of zones) {
    const found: number[] = []
    const { stretchAt } = createTimeZone(zone)
    for (let stretch = stretchAt(FROM); stretch.end < UNTIL; stretch = stretchAt(stretch.end)) {
      const { offset, before } = stretchAt(stretch.end)
      if (offset !== before) found.push(stretch.end, before, offset)
    }
    expect([zone, ...found]).toEqual([zone, ...(rules.get(zone)?.changes ?? []).filter(({ at }) => at > FROM && at < UNTIL).flatMap(({ at, before, after }) => [at, before, after])])
  }
}, 60_000)

it('misses, doubles and misplaces nothing around any change of any zone: daily, weekly, at month ends, hourly, at 02:30', () => {
  const around = (zone: string) => (rules.get(zone)?.changes ?? []).filter(({ at }) => at > FROM && at < UNTIL).map(({ at }) => [at - 1.5 * DAY, at + 1.5 * DAY] as const)
  expect(kinds.flatMap((zone) => differences(zone, around(zone)))).toEqual([])
}, 120_000)

it('misses, doubles and misplaces nothing in seven years', () => {
  const rare = (cron: string) => cron.startsWith('15 9') || cron.startsWith('45 23') || cron === '30 2 * * SUN'
  const spread = (every: number) => kinds.filter((_zone, index) => index % every === 0)
  expect(spread(1).flatMap((zone) => differences(zone, [[FROM, UNTIL]], rare))).toEqual([])
  expect(differences('Europe/Berlin', [[FROM, FROM + 366 * DAY]], (cron) => cron === '0 * * * *')).toEqual([])
  expect(spread(8).flatMap((zone) => differences(zone, [[FROM, UNTIL]], (cron) => !rare(cron) && cron !== '0 * * * *'))).toEqual([])
}, 120_000)
