import { expect, it } from 'vitest'
import { startTestRuntime } from '../../testing/test-runtime'

const NOON = Date.UTC(2026, 5, 1, 12)
const hourly = { kind: 'scheduled', cron: '0 * * * *', timeZone: 'UTC' } as const

async function start() {
  const test = startTestRuntime()
  const { clock, client } = test
  if (!('setNow' in clock) || !('advance' in clock)) throw new Error('the clock is not manual')
  const { setNow, advance } = clock as { setNow: (now: number) => void; advance: (ms: number) => void }
  setNow(NOON - 60_000)
  await test.runtime.start()
  const create = () => client.tasks.create({ title: 'Report', instruction: 'Write it.', when: hourly })
  /** Timers are set anew in between, as they would be. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      advance(5_000)
      await clock.turn()
    }
  }
  return { ...test, pass, create }
}

it('runs a scheduled task through what scripts and windows use', async () => {
  const { client, create, pass, until, runtime } = await start()
  const { id, nextDueAt, state } = await create()
  expect([state, nextDueAt]).toEqual(['scheduled', NOON])
  const made = until((event) => event.topic === 'task.update' && event.payload.task.scheduleId === id)
  await pass(60_000)
  await made
  expect((await client.schedules.occurrences({ id })).items).toMatchObject([{ dueAt: NOON, scheduleId: id }])
  expect(await client.schedules.get({ id })).toMatchObject({ title: 'Report', text: 'Every hour on the hour, UTC', missed: 0 })
  expect((await client.schedules.list({})).items.map((schedule) => schedule.id)).toEqual([id])
  expect((await client.schedules.upcoming({})).items[0]).toMatchObject({ scheduleId: id, dueAt: NOON + 3_600_000 })
  expect(await client.schedules.preview({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' })).toMatchObject({ text: 'Every day at 02:30, Europe/Berlin', error: null })
  await runtime.stop(0)
})

it('pauses, resumes, asks why and decides', async () => {
  const { client, create, runtime } = await start()
  const { id } = await create()
  expect((await client.schedules.pause({ id, reason: 'Holiday' })).pausedReason).toBe('Holiday')
  expect((await client.schedules.why({ id, at: NOON })).explanation).toBe('This time is still to come, and the schedule is paused: Holiday')
  expect((await client.schedules.resume({ id })).pausedReason).toBeNull()
  expect(await client.schedules.backfill({ id, from: NOON - 7_200_000, to: NOON })).toEqual({ created: 2 })
  expect(await client.schedules.decide({ id, dueAts: [NOON], run: true })).toEqual({})
  await runtime.stop(0)
})

it('refuses a pattern and a schedule that make no sense', async () => {
  const { client, runtime } = await start()
  await expect(client.tasks.create({ title: 'Bad', instruction: 'No.', when: { ...hourly, cron: '99 * * * *' } })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
  await expect(client.schedules.get({ id: 'nothing' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  const { id } = await client.tasks.create({ title: 'Once', instruction: 'Do it.', start: 'backlog' })
  await expect(client.schedules.pause({ id })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  await runtime.stop(0)
})
