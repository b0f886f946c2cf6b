import { expect, it } from 'vitest'
import { at, hourly, openDesk } from './testing/desk'

const START = '2026-06-01T08:30:00Z'
const times = (list: readonly number[]) => list.map((time) => new Date(time).toISOString().slice(5, 16))

it('tells the next ten, what ran, how long it took, what it cost and what was missed', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ misfire: { policy: 'skip' }, overlap: 'allow' }))
  await desk.pass(2 * 3_600_000)
  const [first = '', second = ''] = desk.active(id)
  desk.store.tasks.patch(first, { startedAt: desk.clock.now() - 60_000, costUsd: 0.5 })
  await desk.finish(first)
  desk.store.tasks.patch(second, { state: 'failed', startedAt: desk.clock.now() - 30_000, endedAt: desk.clock.now(), error: { code: 'INTERNAL', message: 'It broke.', retryable: false, traceId: 't' } as never })
  await desk.reopen('2026-06-01T13:30:00Z')
  const schedule = desk.schedules.get(id)
  expect(times(schedule.next)).toEqual(Array.from({ length: 10 }, (_, index) => `06-01T${14 + index}:00`))
  expect(schedule).toMatchObject({
    text: 'Every hour on the hour, UTC', runs: 2, succeeded: 1, meanMs: 45_000, costUsd: 0.5, lastFailure: { dueAt: at('2026-06-01T10:00Z'), message: 'It broke.' }, missed: 3,
  })
  expect(desk.schedules.occurrences(id, { limit: 10 }).items.map(({ state }) => state)).toEqual(['missed', 'missed', 'missed', 'failed', 'done'])
})

it('answers why it did not run at any time', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ misfire: { policy: 'skip' } }))
  await desk.look()
  await desk.sleepUntil('2026-06-01T09:20:00Z')
  await desk.pass(3_600_000)
  const why = (time: string) => desk.schedules.why(id, at(time))
  expect(why('2026-06-01T09:00Z').explanation).toBe('The computer was asleep then, or its clock was set.')
  expect(why('2026-06-01T09:10Z')).toMatchObject({ dueAt: at('2026-06-01T09:00Z'), occurrence: { state: 'missed' } })
  expect(why('2026-06-01T10:00Z').explanation).toBe('Its task is in Ready.')
  expect(why('2026-06-01T14:00Z').explanation).toBe('This time is still to come.')
  expect(why('2026-05-01T14:00Z').explanation).toBe('The schedule did not exist then.')
})

it('makes up for a span, one after the other, and leaves alone what ran', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ misfire: { policy: 'skip' } }))
  await desk.pass(3_600_000)
  await desk.finish(desk.active(id)[0] ?? '')
  await desk.sleepUntil('2026-06-01T12:20:00Z')
  const span = desk.schedules.dueTimes(id, at('2026-06-01T07:00Z'), at('2026-06-01T23:00Z'))
  expect(span).toMatchObject({ toRun: 5, isCut: false })
  expect(span.items.map(({ dueAt, state }) => `${new Date(dueAt).toISOString().slice(11, 16)} ${state}`)).toEqual(['07:00 null', '08:00 null', '09:00 done', '10:00 missed', '11:00 missed', '12:00 missed'])
  expect(desk.schedules.backfill(id, at('2026-06-01T07:00Z'), at('2026-06-01T23:00Z'), desk.origin)).toBe(5)
  expect(desk.rows(id)).toEqual(['07:00 claimed', '08:00 queued', '09:00 claimed', '10:00 queued', '11:00 queued', '12:00 queued'])
  expect(desk.schedules.backfill(id, at('2026-06-01T07:00Z'), at('2026-06-01T23:00Z'), desk.origin)).toBe(0)
})

it('takes one due time out of a row of many', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ cron: '* * * * *', misfire: { policy: 'skip' } }))
  await desk.look()
  await desk.sleepUntil('2026-06-01T11:30:30Z')
  expect(desk.rows(id)).toEqual(['08:31 missed asleep until 11:29 (179)', '11:30 claimed'])
  await desk.finish(desk.active(id)[0] ?? '')
  expect(desk.schedules.backfill(id, at('2026-06-01T08:31Z'), at('2026-06-01T08:31Z'), desk.origin)).toBe(1)
  expect(desk.rows(id)).toEqual(['08:31 claimed', '08:32 missed asleep until 11:29 (178)', '11:30 claimed'])
})

it('refuses to make up for more than can be meant', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ cron: '* * * * * *' }))
  expect(() => desk.schedules.backfill(id, at('2026-06-01T00:00Z'), at('2026-06-01T08:00Z'), desk.origin)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETERS' }))
})

it('asks, and does what is decided', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ misfire: { policy: 'ask' } }))
  await desk.reopen('2026-06-01T11:20:00Z')
  expect(desk.tasks.get(id).reason).toBe('3 due times went by. Decide whether they are made up for.')
  desk.schedules.decide(id, [at('2026-06-01T09:00Z'), at('2026-06-01T10:00Z')], true, desk.origin)
  desk.schedules.decide(id, [at('2026-06-01T11:00Z'), at('2026-06-01T23:00Z')], false, desk.origin)
  expect(desk.rows(id)).toEqual(['09:00 claimed', '10:00 queued', '11:00 missed declined'])
  expect(desk.tasks.get(id).reason).toBeNull()
})

it('goes on only when it could work by itself', async () => {
  const desk = openDesk(START)
  desk.lack('No key for openai.')
  const id = await desk.create(hourly())
  await expect(desk.schedules.resume(id, desk.origin)).rejects.toMatchObject({ code: 'CONFLICT', message: 'No key for openai. It stays paused.' })
  desk.lack(null)
  expect(await desk.schedules.resume(id, desk.origin)).toMatchObject({ pausedReason: null })
})

it('runs one more now, whatever its times are', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly())
  const [first, second] = [desk.schedules.runNow(id, desk.origin), desk.schedules.runNow(id, desk.origin)]
  expect([first.scheduleId, second.scheduleId]).toEqual([id, id])
  expect(desk.active(id)).toEqual([first.id, second.id])
  expect(desk.tasks.get(id).nextDueAt).toBe(at('2026-06-01T09:00Z'))
})

it('previews a pattern, or says what is wrong with it', async () => {
  const desk = openDesk(START)
  const when = { kind: 'scheduled', timeZone: 'Europe/Berlin', startAt: null, endAt: null, jitterSeconds: 0, misfire: { policy: 'skip' }, overlap: 'skip' } as const
  expect(times(desk.schedules.preview({ ...when, cron: '30 2 * * *' }).next).slice(0, 2)).toEqual(['06-02T00:30', '06-03T00:30'])
  expect(desk.schedules.preview({ ...when, cron: '99 * * * *' })).toMatchObject({ next: [], error: expect.stringContaining('99') })
  expect(desk.schedules.preview({ ...when, cron: '0 0 30 2 *' }).error).toBe('It has no due time to come.')
})

it('lists what is to come over all schedules, soonest first', async () => {
  const desk = openDesk(START)
  await desk.create(hourly(), { title: 'Hourly' })
  await desk.create(hourly({ cron: '30 9 * * *' }), { title: 'Daily' })
  const paused = await desk.create(hourly(), { title: 'Paused' })
  desk.schedules.pause(paused, undefined, desk.origin)
  expect(desk.schedules.upcoming(undefined, 4).map(({ title, dueAt }) => `${title} ${new Date(dueAt).toISOString().slice(11, 16)}`)).toEqual(['Hourly 09:00', 'Daily 09:30', 'Hourly 10:00', 'Hourly 11:00'])
  expect(desk.schedules.upcoming(at('2026-06-01T09:30Z'), 100)).toHaveLength(2)
})
