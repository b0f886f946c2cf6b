import { expect, it } from 'vitest'
import { describeCron, describeWhen } from './describe'

it.each([
  ['30 2 * * *', 'Every day at 02:30'],
  ['@daily', 'Every day at 00:00'],
  ['0 9,17 * * MON-FRI', 'Every weekday at 09:00 and 17:00'],
  ['15 9 * * mon,wed', 'Every Monday and Wednesday at 09:15'],
  ['0 0 1 * *', 'On the 1st of every month at 00:00'],
  ['45 23 L * *', 'On the last day of every month at 23:45'],
  ['0 8 1,15 1-3 *', 'On the 1st and 15th of January, February and March at 08:00'],
  ['0 12 13 * FRI', 'On the 13th of every month and every Friday at 12:00'],
  ['* * * * *', 'Every minute'],
  ['* * * * * *', 'Every second'],
  ['*/15 * * * *', 'Every 15 minutes'],
  ['*/10 9-17 * * 1-5', 'Every 10 minutes, from 09:00 to 17:59, every weekday'],
  ['0 * * * *', 'Every hour on the hour'],
  ['20 * * * *', 'Every hour at 20 minutes past'],
  ['0 */2 * * *', 'Every 2 hours on the hour'],
  ['30 15 10 * * *', 'Every day at 10:15:30'],
  ['*/10 * * * * *', 'Every 10 seconds'],
  ['0 0 29 2 *', 'On the 29th of February at 00:00'],
  ['0 9 * * 7', 'Every Sunday at 09:00'],
  ['0 0 * * 5#2', 'By the pattern 0 0 * * 5#2'],
])('says %s as “%s”', (cron, text) => {
  expect(describeCron(cron)).toBe(text)
})

it('says dates and the zone', () => {
  const common = { timeZone: 'Europe/Berlin', misfire: { policy: 'skip' }, overlap: 'skip' } as const
  expect(describeWhen({ kind: 'planned', dates: ['2026-12-24T18:00'], ...common })).toBe('Once, 2026-12-24 18:00, Europe/Berlin')
  expect(describeWhen({ kind: 'planned', dates: ['2026-12-24T18:00', '2026-12-25T18:00'], ...common })).toBe('At 2 dates, Europe/Berlin')
})
