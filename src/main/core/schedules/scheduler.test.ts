import { expect, it } from 'vitest'
import { at, hourly, openDesk } from './testing/desk'

const START = '2026-06-01T08:30:00Z'

it('starts what is due, once, and leaves a row for it', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ overlap: 'allow' }))
  await desk.pass(2 * 3_600_000)
  expect(desk.rows(id)).toEqual(['09:00 claimed', '10:00 claimed'])
  const made = desk.active(id).map((taskId) => desk.tasks.get(taskId))
  expect(made.map(({ when, state, scheduleId, dueAt, instruction }) => [when.kind, state, scheduleId, dueAt, instruction]))
    .toEqual([at('2026-06-01T09:00Z'), at('2026-06-01T10:00Z')].map((dueAt) => ['adhoc', 'ready', id, dueAt, 'Write it.']))
  expect(desk.tasks.get(id).nextDueAt).toBe(at('2026-06-01T11:00Z'))
  await desk.look()
  expect(desk.rows(id)).toHaveLength(2)
})

it('has a timer that is never longer than half a minute', async () => {
  const desk = openDesk(START)
  await desk.create(hourly())
  await desk.look()
  desk.clock.advance(30_000)
  await desk.look()
  expect(desk.store.schedules.newestPresence()?.seenAt).toBe(at(START) + 30_000)
  expect(desk.clock.pending).toBe(1)
})

const policies = [
  ['skip', { policy: 'skip' }, ['09:00 missed asleep', '10:00 missed asleep', '11:00 missed asleep']],
  ['once', { policy: 'once', windowMinutes: 60 }, ['09:00 missed asleep', '10:00 missed asleep', '11:00 claimed']],
  ['once, too late', { policy: 'once', windowMinutes: 10 }, ['09:00 missed asleep', '10:00 missed asleep', '11:00 missed window_passed']],
  ['all', { policy: 'all', cap: 2 }, ['09:00 claimed', '10:00 queued', '11:00 missed cap_reached']],
  ['ask', { policy: 'ask' }, ['09:00 asked asleep', '10:00 asked asleep', '11:00 asked asleep']],
] as const

it.each(policies)('does after a sleep over due times what the policy says: %s', async (_name, misfire, rows) => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ misfire }))
  await desk.look()
  await desk.sleepUntil('2026-06-01T11:20:00Z')
  expect(desk.rows(id)).toEqual(rows)
  expect(desk.tasks.get(id).nextDueAt).toBe(at('2026-06-01T12:00Z'))
})

it.each(policies)('does the same when it was closed meanwhile, and says so: %s', async (_name, misfire, rows) => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ misfire }))
  await desk.look()
  await desk.reopen('2026-06-01T11:20:00Z')
  expect(desk.rows(id)).toEqual(rows.map((row) => row.replace('asleep', 'app_closed')))
})

it('counts what came due just now as on time, and then makes up for nothing else', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly())
  await desk.reopen('2026-06-01T11:00:20Z')
  expect(desk.rows(id)).toEqual(['09:00 missed app_closed', '10:00 missed app_closed', '11:00 claimed'])
})

it('starts nothing while paused, says why, and goes on', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly())
  desk.schedules.pause(id, 'Holiday', desk.origin)
  await desk.pass(3_600_000)
  expect(desk.rows(id)).toEqual(['09:00 skipped paused'])
  expect(desk.schedules.why(id, at('2026-06-01T09:00Z')).explanation).toContain('paused')
  await desk.schedules.resume(id, desk.origin)
  await desk.pass(3_600_000)
  expect(desk.rows(id)).toEqual(['09:00 skipped paused', '10:00 claimed'])
})

it.each([
  ['skip', ['09:00 claimed', '10:00 skipped overlap', '11:00 skipped overlap'], 1],
  ['queue', ['09:00 claimed', '10:00 queued', '11:00 skipped overlap'], 1],
  ['cancel', ['09:00 claimed', '10:00 claimed', '11:00 claimed'], 1],
  ['allow', ['09:00 claimed', '10:00 claimed', '11:00 claimed'], 3],
] as const)('keeps to the overlap policy: %s', async (overlap, rows, running) => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ overlap }))
  await desk.pass(3 * 3_600_000)
  expect(desk.rows(id)).toEqual(rows)
  expect(desk.active(id)).toHaveLength(running)
  expect(desk.stopped).toHaveLength(overlap === 'cancel' ? 2 : 0)
})

it('starts what waits when the one before has ended, one after the other', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ misfire: { policy: 'all', cap: 3 } }))
  await desk.sleepUntil('2026-06-01T11:20:00Z')
  expect(desk.rows(id)).toEqual(['09:00 claimed', '10:00 queued', '11:00 queued'])
  for (const rows of [['09:00 claimed', '10:00 claimed', '11:00 queued'], ['09:00 claimed', '10:00 claimed', '11:00 claimed']]) {
    expect(desk.active(id)).toHaveLength(1)
    await desk.finish(desk.active(id)[0] ?? '')
    expect(desk.rows(id)).toEqual(rows)
  }
})

it('runs nothing twice when the clock is set back, and goes on at once', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ overlap: 'allow' }))
  await desk.pass(3_600_000)
  desk.clock.setNow(at('2026-06-01T08:40:00Z'))
  await desk.pass(2 * 3_600_000)
  expect(desk.rows(id)).toEqual(['09:00 claimed', '10:00 claimed'])
})

it('does not wait for a future that was a mistake of the clock, and runs what that had made it miss', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ misfire: { policy: 'skip' }, overlap: 'allow' }))
  await desk.look()
  await desk.sleepUntil('2026-06-01T12:30:00Z')
  expect(desk.rows(id)).toEqual(['09:00', '10:00', '11:00', '12:00'].map((time) => `${time} missed asleep`))
  desk.clock.setNow(at('2026-06-01T08:45:00Z'))
  await desk.pass(90 * 60_000)
  expect(desk.rows(id)).toEqual(['09:00 claimed', '10:00 claimed', '11:00 missed asleep', '12:00 missed asleep'])
})

it('joins what it cannot make up for after a month of every second into one row', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ cron: '* * * * * *', misfire: { policy: 'once', windowMinutes: 5 } }))
  await desk.look()
  await desk.reopen('2026-07-01T08:30:00.500Z')
  const rows = desk.rows(id)
  expect(rows.length).toBeLessThan(5)
  expect(rows[0]).toMatch(/missed app_closed until .* \(many\)$/)
  expect(rows.at(-1)).toContain('claimed')
  expect(desk.schedules.why(id, at('2026-06-20T12:00Z')).explanation).toBe('Trestle was not running then. The same goes for many due times around it.')
})

it('is done when its dates are over and nothing of it is open', async () => {
  const desk = openDesk(START)
  const id = await desk.create({ kind: 'planned', dates: ['2026-06-01T09:00:00', '2026-06-01T12:00:00+02:00'], timeZone: 'UTC' })
  await desk.pass(2 * 3_600_000)
  expect(desk.rows(id)).toEqual(['09:00 claimed', '10:00 skipped overlap'])
  expect(desk.tasks.get(id)).toMatchObject({ state: 'scheduled', nextDueAt: null })
  await desk.finish(desk.active(id)[0] ?? '')
  expect(desk.tasks.get(id).state).toBe('done')
})

it('puts a start off by the same time for the same due time', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly({ jitterSeconds: 600, overlap: 'allow' }))
  await desk.pass(2 * 3_600_000)
  const offsets = desk.active(id).map((taskId) => {
    const task = desk.store.tasks.get(taskId)
    return (task?.startAfter ?? 0) - (task?.dueAt ?? 0)
  })
  expect(offsets.every((offset) => offset > 0 && offset <= 600_000)).toBe(true)
  expect(new Set(offsets).size).toBe(2)
})

it('pauses a schedule whose zone is not known any more, and runs the others', async () => {
  const desk = openDesk(START)
  const [broken, sound] = [await desk.create(hourly()), await desk.create(hourly())]
  desk.store.tasks.patch(broken, { when: { ...desk.tasks.get(broken).when, timeZone: 'Mars/Olympus' } as never })
  await desk.pass(3_600_000)
  expect(desk.tasks.get(broken)).toMatchObject({ pausedReason: expect.stringContaining('Mars/Olympus'), nextDueAt: null })
  expect(desk.rows(sound)).toEqual(['09:00 claimed'])
})

it('calculates anew with another edition of the time zone data', async () => {
  const desk = openDesk(START)
  const id = await desk.create(hourly())
  await desk.look()
  // As an older edition would have had it.
  desk.store.schedules.setNextDue(id, at('2026-06-01T09:30:00Z'))
  await desk.reopen('2026-06-01T08:40:00Z', '2026a')
  expect(desk.tasks.get(id).nextDueAt).toBe(at('2026-06-01T09:30:00Z'))
  await desk.reopen('2026-06-01T08:41:00Z', '2026b')
  expect(desk.tasks.get(id).nextDueAt).toBe(at('2026-06-01T09:00:00Z'))
})

it('gives a due time to one of two that come for it', async () => {
  const one = openDesk(START)
  const id = await one.create(hourly())
  const two = openDesk(START, one)
  one.clock.advance(3_600_000)
  await Promise.all([one.look(), two.look()])
  expect(one.rows(id)).toEqual(['09:00 claimed'])
  expect(one.active(id)).toHaveLength(1)
})
