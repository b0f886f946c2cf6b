import { expect, it } from 'vitest'
import type { DueWhen } from '../tasks/due-times'
import { createDueTimes, dueBetween, newestDue } from './due-times'

const common = { misfire: { policy: 'skip' }, overlap: 'skip' } as const
const cron = (text: string, timeZone: string, fields: { startAt?: number; endAt?: number } = {}) =>
  ({ kind: 'scheduled', cron: text, timeZone, jitterSeconds: 0, startAt: null, endAt: null, ...fields, ...common }) as const
const at = (text: string) => Date.parse(text)
const texts = (times: readonly number[]) => times.map((time) => new Date(time).toISOString().slice(0, 19))

function between(text: string, zone: string, from: string, until: string): string[] {
  return texts(dueBetween(createDueTimes(), cron(text, zone), at(from), at(until), 100))
}

it('runs a daily job once on a day on which its time does not exist: as late as it would have been', () => {
  expect(between('30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', '2026-03-09T12:00Z')).toEqual(['2026-03-08T07:30:00', '2026-03-09T06:30:00'])
})

it('runs a daily job once on a day on which its time comes twice: the first time', () => {
  expect(between('30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', '2026-11-02T12:00Z')).toEqual(['2026-11-01T05:30:00', '2026-11-02T06:30:00'])
})

it('runs an hourly job every hour that really passes, however its hours are written', () => {
  const hours = ['2026-11-01T05:00:00', '2026-11-01T06:00:00', '2026-11-01T07:00:00']
  for (const text of ['0 * * * *', '@hourly', '0 0-23 * * *', '0 */1 * * *']) expect(between(text, 'America/New_York', '2026-11-01T04:30Z', '2026-11-01T07:30Z')).toEqual(hours)
  expect(between('0 * * * *', 'America/New_York', '2026-03-08T05:30Z', '2026-03-08T08:30Z')).toEqual(['2026-03-08T06:00:00', '2026-03-08T07:00:00', '2026-03-08T08:00:00'])
})

it('keeps to its start and its end', () => {
  const when = cron('0 * * * *', 'UTC', { startAt: at('2026-01-01T05:00Z'), endAt: at('2026-01-01T07:00Z') })
  expect(texts(dueBetween(createDueTimes(), when, at('2026-01-01T00:00Z'), at('2026-01-02T00:00Z'), 100))).toEqual(['2026-01-01T05:00:00', '2026-01-01T06:00:00', '2026-01-01T07:00:00'])
})

it('takes dates with and without an offset, in whatever order', () => {
  const when: DueWhen = { kind: 'planned', dates: ['2026-07-01T12:00:00', '2026-07-01T09:00:00+09:00', '2026-03-29T02:30:00'], timeZone: 'Europe/Berlin', ...common }
  expect(texts(dueBetween(createDueTimes(), when, 0, at('2027-01-01T00:00Z'), 100))).toEqual(['2026-03-29T01:30:00', '2026-07-01T00:00:00', '2026-07-01T10:00:00'])
})

it('finds the rarest pattern, and ends where there is none', () => {
  expect(between('0 0 29 2 *', 'UTC', '2024-03-01T00:00Z', '2029-01-01T00:00Z')).toEqual(['2028-02-29T00:00:00'])
  expect(createDueTimes().next(cron('0 0 30 2 *', 'UTC'), at('2026-01-01T00:00Z'))).toBeNull()
})

it.each(['61 * * * *', '* * *', '@reboot', '', '0 0 0 1 1 * 2030', 'rm -rf /'])('refuses “%s” with words', (text) => {
  expect(() => createDueTimes().next(cron(text, 'UTC'), 0)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETERS' }))
})

it('refuses a zone that is none', () => {
  expect(() => createDueTimes().next(cron('* * * * *', 'Mars/Olympus'), 0)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETERS' }))
})

it('finds the newest due time after any absence without going through all of them', () => {
  const [from, until] = [at('2026-01-01T00:00Z'), at('2026-03-01T12:34:56.500Z')]
  for (const [text, newest] of [['* * * * * *', '2026-03-01T12:34:56'], ['30 2 * * *', '2026-03-01T02:30:00'], ['0 0 15 1 *', '2026-01-15T00:00:00']] as const) {
    expect(texts([newestDue(createDueTimes(), cron(text, 'UTC'), from, until) ?? 0])).toEqual([newest])
  }
  expect(newestDue(createDueTimes(), cron('0 0 1 6 *', 'UTC'), from, until)).toBeNull()
})
