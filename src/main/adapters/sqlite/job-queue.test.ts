import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import type { NewJob } from '#core/ports/job-queue'
import { createManualClock } from '../../../testing/manual-clock'
import { openConnection } from './connection'
import { createStore } from './create-store'
import { createSqliteJobQueue, jobLimits } from './job-queue'
import { migrate } from './migrate'
import { migrations } from './migrations'
import type { JobLimits } from './tables/jobs'
import { applyToModel, applyToQueue, commands, createModel } from './testing/job-model'
import { createProfile } from './testing/profile'
import { at } from './testing/samples'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

function open(limits: Partial<JobLimits> = {}, path = ':memory:', clock = createManualClock(at)) {
  const db = openConnection(path)
  migrate(db, migrations, { at, appVersion: '1' })
  const { store, release } = createStore(db)
  const { queue, stop } = createSqliteJobQueue({ db, store, clock, limits })
  closers.push(() => {
    stop()
    release()
    db.close()
  })
  return { queue, clock, stop, db }
}

const job = (key: string, fields: Partial<NewJob> = {}): NewJob => ({ key, kind: 'task', payload: `payload of ${key}`, ...fields })
const ours = { kind: 'task', owner: 'we', leaseMs: 1000, limit: 100 }
const theirs = { ...ours, owner: 'they' }

it('hands out the most urgent first, then what waited longest, only of the asked kind and when its time has come', async () => {
  const { queue, clock } = open()
  await queue.enqueue([job('a'), job('b', { priority: 5 }), job('c', { kind: 'other', priority: 9 }), job('d', { runAfter: at + 50 }), job('e', { priority: 5 })])
  expect((await queue.claim({ ...ours, limit: 2 })).map(({ key }) => key)).toEqual(['b', 'e'])
  expect((await queue.claim(ours)).map(({ key }) => key)).toEqual(['a'])
  clock.advance(50)
  expect(await queue.claim(ours)).toMatchObject([{ key: 'd', payload: 'payload of d', state: 'leased', owner: 'we', leaseUntil: at + 1050, attempts: 0 }])
})

it('knows a key in whatever state its job is, and forgets it with the end of the job', async () => {
  const { queue } = open()
  expect(await queue.enqueue([job('a'), job('a')])).toEqual(['accepted', 'known'])
  const [claimed] = await queue.claim(ours)
  expect(await queue.enqueue([job('a')])).toEqual(['known'])
  await queue.deadLetter(claimed!.lease, 'no')
  expect(await queue.enqueue([job('a')])).toEqual(['known'])
  await queue.requeue('a')
  const [again] = await queue.claim(ours)
  expect(await queue.complete(again!.lease)).toBe(true)
  expect(await queue.enqueue([job('a')])).toEqual(['accepted'])
})

it('refuses what goes beyond its bound, and says of what it knows that it knows it', async () => {
  const { queue } = open({ open: 2 })
  expect(await queue.enqueue([job('a'), job('b'), job('c'), job('a')])).toEqual(['accepted', 'accepted', 'full', 'known'])
  const [first] = await queue.claim(ours)
  expect(await queue.enqueue([job('c')])).toEqual(['full'])
  await queue.complete(first!.lease)
  expect(await queue.enqueue([job('c')])).toEqual(['accepted'])
})

it('gives a job whose lease ran out to the next one, and lets its late owner change nothing', async () => {
  const { queue, clock } = open()
  await queue.enqueue([job('a')])
  const [late] = await queue.claim(ours)
  clock.advance(999)
  expect(await queue.claim(theirs)).toEqual([])
  clock.advance(1)
  const [taken] = await queue.claim(theirs)
  expect(taken).toMatchObject({ key: 'a', lost: 1, attempts: 0 })
  expect(await queue.complete(late!.lease)).toBe(false)
  expect(await queue.retryLater(late!.lease, { runAfter: at, error: 'late' })).toBe('lost')
  expect(await queue.deadLetter(late!.lease, 'late')).toBe(false)
  expect(await queue.heartbeat([late!.lease], 5000)).toEqual(new Set())
  expect(await queue.complete(taken!.lease)).toBe(true)
})

it('keeps a job with the owner whose heart beats, and with one that slept while nobody else came', async () => {
  const { queue, clock } = open()
  await queue.enqueue([job('a')])
  const [held] = await queue.claim(ours)
  clock.advance(900)
  expect(await queue.heartbeat([held!.lease], 1000)).toEqual(new Set([held!.lease.id]))
  clock.advance(900)
  expect(await queue.claim(theirs)).toEqual([])
  clock.advance(3_600_000)
  expect(await queue.claim(ours)).toEqual([])
  expect(await queue.complete(held!.lease)).toBe(true)
})

it('tries again when the time for it has come, until the attempts are used up', async () => {
  const { queue, clock } = open()
  await queue.enqueue([job('a', { maxAttempts: 2 })])
  const [first] = await queue.claim(ours)
  expect(await queue.retryLater(first!.lease, { runAfter: at + 10, error: 'once' })).toBe('waiting')
  expect(await queue.claim(ours)).toEqual([])
  clock.advance(10)
  const [second] = await queue.claim(ours)
  expect(second).toMatchObject({ attempts: 1, error: 'once' })
  expect(await queue.retryLater(second!.lease, { runAfter: at + 20, error: 'twice' })).toBe('dead')
  expect((await queue.listDead({ limit: 10 })).items).toMatchObject([{ key: 'a', attempts: 2, error: 'twice' }])
  expect(await queue.requeue('a')).toBe(true)
  expect(await queue.claim(ours)).toMatchObject([{ key: 'a', attempts: 0, error: null }])
})

it('takes a job that ends its owners again and again for dead', async () => {
  const { queue } = open({ lost: 2 })
  await queue.enqueue([job('a', { maxAttempts: 9 })])
  await queue.claim(ours)
  expect(await queue.release('we', 'lost')).toBe(1)
  await queue.claim(theirs)
  expect(await queue.release('they', 'lost')).toBe(1)
  expect(await queue.counts()).toEqual({ ready: 0, delayed: 0, leased: 0, dead: 1 })
})

it('counts no attempt when an owner stops in good order', async () => {
  const { queue } = open({ lost: 1 })
  await queue.enqueue([job('a'), job('b')])
  const [first] = await queue.claim({ ...ours, limit: 1 })
  await queue.giveBack(first!.lease)
  await queue.claim(ours)
  expect(await queue.release('we', 'stopped')).toBe(2)
  expect((await queue.claim(theirs)).map(({ key, lost, attempts }) => [key, lost, attempts])).toEqual([['a', 0, 0], ['b', 0, 0]])
})

it('cancels in whatever state, and tells the owner with the next heartbeat', async () => {
  const { queue } = open()
  await queue.enqueue([job('a'), job('b', { runAfter: at + 9 })])
  const [held] = await queue.claim(ours)
  expect(await Promise.all([queue.cancel('a'), queue.cancel('b'), queue.cancel('c')])).toEqual([true, true, false])
  expect(await queue.heartbeat([held!.lease], 1000)).toEqual(new Set())
  await queue.enqueue([job('a')])
  // Another job with the same key is another job.
  expect(await queue.complete(held!.lease)).toBe(false)
  expect(await queue.find('a')).toMatchObject({ state: 'ready' })
})

it('passes over groups that are full, and moves what waits', async () => {
  const { queue } = open()
  await queue.enqueue([job('a', { group: 'x' }), job('b', { group: 'y' }), job('c')])
  expect((await queue.claim({ ...ours, limit: 1, fullGroups: ['x'] })).map(({ key }) => key)).toEqual(['b'])
  expect(await queue.change('c', { priority: 1 })).toBe(true)
  expect(await queue.change('a', { runAfter: at + 5 })).toBe(true)
  expect(await queue.change('b', { priority: 1 })).toBe(false)
  expect((await queue.claim(ours)).map(({ key }) => key)).toEqual(['c'])
})

it('lists the dead ones newest first, page by page, and keeps no more than its bound', async () => {
  const { queue, clock } = open({ dead: 3 })
  await queue.enqueue(['a', 'b', 'c', 'd'].map((key) => job(key)))
  for (const { lease } of await queue.claim(ours)) {
    clock.advance(1)
    await queue.deadLetter(lease, 'no')
  }
  const first = await queue.listDead({ limit: 2 })
  const second = await queue.listDead({ limit: 2, cursor: first.nextCursor ?? '' })
  expect([...first.items, ...second.items].map(({ key }) => key)).toEqual(['d', 'c', 'b'])
  expect(second.nextCursor).toBeNull()
  await expect(queue.listDead({ limit: 2, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
})

it('hints when there is something to claim: at once, when its time comes, and when a lease runs out', async () => {
  const { queue, clock } = open()
  const hints: number[] = []
  const end = queue.onReady(() => hints.push(clock.now() - at))
  await queue.enqueue([job('a')])
  expect(hints).toEqual([0])
  await queue.claim(ours)
  await queue.enqueue([job('b', { runAfter: at + 400 })])
  hints.length = 0
  clock.advance(1500)
  expect(hints).toEqual([400, 1000])
  end()
  expect(clock.pending).toBe(0)
})

it('writes all calls of a moment, or none of them', async () => {
  const { queue, db } = open()
  db.exec("CREATE TRIGGER refuse BEFORE INSERT ON jobs WHEN NEW.key = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END")
  const together = await Promise.allSettled([queue.enqueue([job('a')]), queue.enqueue([job('bad')])])
  expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await queue.counts()).toMatchObject({ ready: 0 })
  expect(await queue.enqueue([job('a')])).toEqual(['accepted'])
})

it('does what was called before it stops, and refuses what comes after', async () => {
  const { queue, stop } = open()
  const before = queue.enqueue([job('a')])
  stop()
  expect(await before).toEqual(['accepted'])
  await expect(queue.enqueue([job('b')])).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
})

it('gives no job to two owners that claim through two connections, and keeps the bound over both', async () => {
  const profile = createProfile(createManualClock(at))
  closers.push(() => profile.remove())
  const [one, two] = [open({ open: 40 }, profile.path), open({ open: 40 }, profile.path)]
  const outcomes = await Promise.all(Array.from({ length: 60 }, (_, index) => (index % 2 ? one : two).queue.enqueue([job(`j${index % 50}`)])))
  expect(outcomes.flat().filter((outcome) => outcome === 'accepted')).toHaveLength(40)
  const claims = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one.queue.claim({ ...ours, limit: 3 }) : two.queue.claim({ ...theirs, limit: 3 }))))
  const keys = claims.flat().map(({ key }) => key)
  expect(keys).toHaveLength(40)
  expect(new Set(keys).size).toBe(40)
})

it('behaves as the simplest model of a queue, whatever is asked of it', async () => {
  await fc.assert(fc.asyncProperty(fc.array(commands, { minLength: 1, maxLength: 60 }), async (sequence) => {
    const { queue, clock, stop } = open({ open: 6, dead: 3, lost: 3 })
    const model = createModel({ ...jobLimits, open: 6, dead: 3, lost: 3 })
    const real = { queue, clock, leases: [] }
    for (const command of sequence) {
      const expected = applyToModel(model, command, clock.now())
      expect(await applyToQueue(real, command)).toEqual(expected)
    }
    stop()
  }), { numRuns: 150 })
}, 30_000)
