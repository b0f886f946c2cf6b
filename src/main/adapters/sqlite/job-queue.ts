import { AppError } from '#core/errors'
import type { JobQueue, NewJob } from '#core/ports/job-queue'
import type { Store } from '#core/ports/store'
import type { Clock } from '#core/ports/system'
import type { Database } from './connection'
import { createJobRows, deadCursor, type JobLimits } from './tables/jobs'

export interface SqliteJobQueueOptions {
  readonly db: Database
  readonly store: Pick<Store, 'transaction'>
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly limits?: Partial<JobLimits>
}

export interface SqliteJobQueue {
  readonly queue: JobQueue
  /** What was called is done first; what is called afterwards is refused. */
  stop(): void
}

export const jobLimits: JobLimits = { open: 20_000, dead: 10_000, lost: 5 }

const MAX_KEY_LENGTH = 200
const MAX_PAYLOAD_LENGTH = 16_384
/** Calls in one transaction: it must not hold up everything else. */
const MAX_CALLS = 1_000
/** No timer is longer: clocks are set, machines sleep. */
const LONGEST_WAIT_MS = 30_000

interface Call {
  readonly work: (now: number) => unknown
  /** Whether there may be something to claim now. */
  readonly wakes: (result: unknown) => boolean
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** All calls of one turn of the event loop are one transaction, and one way to the disk. */
export function createSqliteJobQueue({ db, store, clock, limits }: SqliteJobQueueOptions): SqliteJobQueue {
  const rows = createJobRows(db, { ...jobLimits, ...limits })
  const alarm = createAlarm(clock, rows.nextTime)
  let calls: Call[] = []
  let turn: NodeJS.Immediate | null = null
  let stopped = false

  const run = () => {
    const taken = calls.slice(0, MAX_CALLS)
    calls = calls.slice(MAX_CALLS)
    turn = calls.length > 0 ? setImmediate(run) : null
    try {
      const now = clock.now()
      const results = store.transaction(() => taken.map(({ work }) => work(now)))
      taken.forEach(({ resolve }, index) => resolve(results[index]))
      if (taken.some(({ wakes }, index) => wakes(results[index]))) alarm.ring()
      else alarm.set()
    } catch (error) {
      rows.undone()
      for (const { reject } of taken) reject(error)
    }
  }
  const call = <T>(work: (now: number) => T, wakes: (result: T) => boolean = () => false): Promise<T> => new Promise((resolve, reject) => {
    if (stopped) return reject(new AppError('SERVICE_UNAVAILABLE', 'Trestle is stopping: the queue takes nothing any more.'))
    calls.push({ work, wakes: wakes as Call['wakes'], resolve: resolve as Call['resolve'], reject })
    turn ??= setImmediate(run)
  })

  const queue: JobQueue = {
    enqueue: async (jobs) => {
      jobs.forEach(check)
      return call((now) => jobs.map((job) => rows.enqueue(job, now)), (outcomes) => outcomes.includes('accepted'))
    },
    claim: (request) => call((now) => rows.claim(request, now)),
    heartbeat: (leases, leaseMs) => call((now) => rows.heartbeat(leases, now + leaseMs)),
    complete: (lease) => call(() => rows.complete(lease)),
    retryLater: (lease, failure) => call((now) => rows.retryLater(lease, failure, now), (outcome) => outcome === 'waiting'),
    deadLetter: (lease, error) => call((now) => rows.deadLetter(lease, error, now)),
    giveBack: (lease, runAfter) => call((now) => rows.giveBack(lease, runAfter ?? now, now), Boolean),
    release: (owner, how) => call((now) => rows.release(owner, how, now), Boolean),
    requeue: (key, runAfter) => call((now) => rows.requeue(key, runAfter ?? now, now), Boolean),
    cancel: (key) => call(() => rows.cancel(key)),
    change: (key, change) => call((now) => rows.change(key, change, now), Boolean),
    find: (key) => call(() => rows.find(key)),
    counts: () => call((now) => rows.counts(now)),
    listDead: async ({ cursor, limit }) => {
      const after = deadCursor(cursor)
      return call(() => rows.listDead(after, limit))
    },
    onReady: alarm.onRing,
  }
  return {
    queue,
    stop() {
      stopped = true
      if (turn) clearImmediate(turn)
      while (calls.length > 0) run()
      if (turn) clearImmediate(turn)
      alarm.stop()
    },
  }
}

function check({ key, payload }: NewJob): void {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) throw new Error(`the key of a job has ${key.length} characters`)
  if (payload.length > MAX_PAYLOAD_LENGTH) throw new Error(`the payload of job ${key} has ${payload.length} characters`)
}

/** Tells listeners now, and when the next time comes that `nextTime` names. */
function createAlarm(clock: Pick<Clock, 'now' | 'after'>, nextTime: (after: number) => number | null) {
  const listeners = new Set<() => void>()
  let timer: { readonly at: number; readonly cancel: () => void } | null = null
  /** What came until then was told. */
  let told = 0

  const cancel = () => {
    timer?.cancel()
    timer = null
  }
  const set = () => {
    if (listeners.size === 0) return cancel()
    const now = clock.now()
    const next = Math.min(nextTime(Math.min(told, now)) ?? Infinity, now + LONGEST_WAIT_MS)
    if (timer && timer.at <= next && timer.at > now) return
    cancel()
    timer = { at: next, cancel: clock.after(Math.max(0, next - now), ring) }
  }
  const ring = () => {
    told = clock.now()
    cancel()
    set()
    for (const listener of [...listeners]) listener()
  }
  return {
    ring,
    set,
    onRing(listener: () => void) {
      listeners.add(listener)
      set()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) cancel()
      }
    },
    stop() {
      listeners.clear()
      cancel()
    },
  }
}
