import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { ClaimedJob, ClaimRequest, EnqueueOutcome, Job, JobCounts, JobState, Lease, NewJob } from '#core/ports/job-queue'
import { decodeCursor, encodeCursor } from './cursor'
import { createTally, type Tally } from './tally'

export interface JobLimits {
  /** Jobs that are not dead. */
  readonly open: number
  /** Dead ones that are kept; the oldest go first. */
  readonly dead: number
  /** So often a job may lose its owner until it is taken for what ends them. */
  readonly lost: number
}

interface JobRow {
  readonly id: number
  readonly key: string
  readonly kind: string
  readonly payload: string
  readonly state: JobState
  readonly priority: number
  readonly job_group: string | null
  readonly run_after: number
  readonly attempts: number
  readonly max_attempts: number
  readonly lost: number
  readonly claim: number
  readonly owner: string | null
  readonly lease_until: number | null
  readonly error: string | null
  readonly enqueued_at: number
  readonly died_at: number | null
}

const columns = 'id, key, kind, payload, state, priority, job_group, run_after, attempts, max_attempts, lost, claim, owner, lease_until, error, enqueued_at, died_at'
const held = "id = @id AND claim = @claim AND state = 'leased'"
const waits = "state IN ('ready', 'delayed')"
const freed = 'owner = NULL, lease_until = NULL'
/** `runAfter` has to be bound with `now`. */
const placed = "state = CASE WHEN @runAfter > @now THEN 'delayed' ELSE 'ready' END, run_after = @runAfter"
const afterLoss = `state = CASE WHEN lost + 1 >= @maxLost THEN 'dead' ELSE 'ready' END, died_at = CASE WHEN lost + 1 >= @maxLost THEN @now END,
  lost = lost + 1, error = 'Whoever worked on it vanished in the middle', ${freed}`
const claimable = (condition: string) => `UPDATE jobs SET state = 'leased', owner = @owner, lease_until = @until, claim = claim + 1
  WHERE id IN (SELECT id FROM jobs WHERE state = 'ready' AND kind = @kind${condition} ORDER BY priority DESC, id LIMIT @limit) RETURNING ${columns}`

export const jobQueries = {
  find: `SELECT ${columns} FROM jobs WHERE key = ?`,
  promote: "UPDATE jobs SET state = 'ready' WHERE state = 'delayed' AND run_after <= ?",
  takeOver: `UPDATE jobs SET ${afterLoss} WHERE state = 'leased' AND lease_until <= @now AND owner <> @owner`,
  claim: claimable(''),
  claimWithout: claimable(' AND (job_group IS NULL OR job_group NOT IN (SELECT value FROM json_each(@full)))'),
  heartbeat: `UPDATE jobs SET lease_until = @until WHERE ${held}`,
  complete: `DELETE FROM jobs WHERE ${held}`,
  retryLater: `UPDATE jobs SET attempts = attempts + 1, error = @error, ${placed}, ${freed} WHERE ${held} AND attempts + 1 < max_attempts`,
  deadLetter: `UPDATE jobs SET state = 'dead', died_at = @now, attempts = attempts + 1, error = @error, ${freed} WHERE ${held}`,
  giveBack: `UPDATE jobs SET ${placed}, ${freed} WHERE ${held}`,
  releaseStopped: `UPDATE jobs SET state = 'ready', ${freed} WHERE state = 'leased' AND owner = @owner`,
  releaseLost: `UPDATE jobs SET ${afterLoss} WHERE state = 'leased' AND owner = @owner`,
  requeue: `UPDATE jobs SET ${placed}, attempts = 0, lost = 0, error = NULL, died_at = NULL, enqueued_at = @now WHERE key = @key AND state = 'dead'`,
  cancel: 'DELETE FROM jobs WHERE key = ?',
  changePriority: `UPDATE jobs SET priority = @priority WHERE key = @key AND ${waits}`,
  changeTime: `UPDATE jobs SET ${placed} WHERE key = @key AND ${waits}`,
  listDead: `SELECT ${columns} FROM jobs WHERE state = 'dead' AND (died_at, id) < (@diedAt, @id) ORDER BY died_at DESC, id DESC LIMIT @limit`,
  forgetDead: "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = 'dead' ORDER BY died_at DESC, id DESC LIMIT -1 OFFSET ?)",
  countReady: "SELECT count(*) FROM jobs WHERE state = 'ready'",
  countDelayed: "SELECT count(*) FROM jobs WHERE state = 'delayed' AND run_after > ?",
  countDue: "SELECT count(*) FROM jobs WHERE state = 'delayed' AND run_after <= ?",
  countLeased: "SELECT count(*) FROM jobs WHERE state = 'leased'",
  countDead: "SELECT count(*) FROM jobs WHERE state = 'dead'",
  nextDelayed: "SELECT min(run_after) FROM jobs WHERE state = 'delayed' AND run_after > ?",
  nextLapse: "SELECT min(lease_until) FROM jobs WHERE state = 'leased' AND lease_until > ?",
}

const CursorSchema = z.tuple([z.number(), z.number()])
type DeadCursor = z.infer<typeof CursorSchema>

/** Throws AppError INVALID_PARAMETERS. */
export function deadCursor(cursor: string | undefined): DeadCursor {
  return cursor === undefined ? [Number.MAX_SAFE_INTEGER, 0] : decodeCursor(cursor, CursorSchema)
}

/** The rows of the queue; each call is to be made inside a transaction. */
export function createJobRows(db: Database, limits: JobLimits) {
  const insert = db.prepare(`INSERT INTO jobs (key, kind, payload, state, priority, job_group, run_after, max_attempts, enqueued_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`)
  const counted = createJobCounts(db)
  const find = db.prepare<[string], JobRow>(jobQueries.find)
  const promote = db.prepare<[number]>(jobQueries.promote)
  const takeOver = db.prepare<[object]>(jobQueries.takeOver)
  const claim = db.prepare<[object], JobRow>(jobQueries.claim)
  const claimWithout = db.prepare<[object], JobRow>(jobQueries.claimWithout)
  const listDead = db.prepare<[object], JobRow>(jobQueries.listDead)
  const forgetDead = db.prepare<[number]>(jobQueries.forgetDead)
  const changes = changesOf(db)
  const requeue = changes(jobQueries.requeue)
  const cancel = db.prepare<[string]>(jobQueries.cancel)
  const changePriority = changes(jobQueries.changePriority)
  const changeTime = changes(jobQueries.changeTime)
  const open = createTally(db, counted.open)
  /** So many may have died. */
  const died = (number: number) => {
    if (number === 0) return
    open.forget()
    if (counted.dead() > limits.dead) forgetDead.run(limits.dead)
  }

  return {
    /** After a transaction that was undone. */
    undone: open.forget,
    enqueue(job: NewJob, now: number): EnqueueOutcome {
      if (open.value() >= limits.open) return find.get(job.key) ? 'known' : 'full'
      const runAfter = job.runAfter ?? now
      const state = runAfter > now ? 'delayed' : 'ready'
      const { changes: added } = insert.run(job.key, job.kind, job.payload, state, job.priority ?? 0, job.group ?? null, runAfter, job.maxAttempts ?? 1, now)
      open.add(added)
      return added === 1 ? 'accepted' : 'known'
    },
    claim({ kind, owner, leaseMs, limit, fullGroups = [] }: ClaimRequest, now: number): ClaimedJob[] {
      promote.run(now)
      died(takeOver.run({ now, owner, maxLost: limits.lost }).changes)
      const values = { kind, owner, until: now + leaseMs, limit }
      const rows = fullGroups.length === 0 ? claim.all(values) : claimWithout.all({ ...values, full: JSON.stringify(fullGroups) })
      return rows.sort((left, right) => right.priority - left.priority || left.id - right.id).map((row) => ({ ...toJob(row), lease: { id: String(row.id), claim: row.claim } }))
    },
    ...createJobLeases(db, limits, { open, died }),
    requeue(key: string, runAfter: number, now: number): boolean {
      const back = requeue({ key, runAfter, now })
      open.add(back)
      return back === 1
    },
    cancel(key: string): boolean {
      const removed = cancel.run(key).changes
      if (removed > 0) open.forget()
      return removed === 1
    },
    change(key: string, { priority, runAfter }: { readonly priority?: number; readonly runAfter?: number }, now: number): boolean {
      const first = priority === undefined ? 1 : changePriority({ key, priority })
      const second = runAfter === undefined ? 1 : changeTime({ key, runAfter, now })
      return first === 1 && second === 1
    },
    find(key: string): Job | null {
      const row = find.get(key)
      return row ? toJob(row) : null
    },
    counts: counted.all,
    nextTime: counted.nextTime,
    listDead([diedAt, id]: DeadCursor, limit: number) {
      const rows = listDead.all({ diedAt, id, limit: limit + 1 })
      const last = rows[limit - 1]
      return { items: rows.slice(0, limit).map(toJob), nextCursor: rows.length > limit && last ? encodeCursor([last.died_at ?? 0, last.id]) : null }
    },
  }
}

function createJobCounts(db: Database) {
  const count = (sql: string) => {
    const statement = db.prepare<number[], number>(sql).pluck()
    return (...values: number[]): number => statement.get(...values) ?? 0
  }
  const ready = count(jobQueries.countReady)
  const delayed = count(jobQueries.countDelayed)
  const due = count(jobQueries.countDue)
  const leased = count(jobQueries.countLeased)
  const dead = count(jobQueries.countDead)
  const nextDelayed = db.prepare<[number], number | null>(jobQueries.nextDelayed).pluck()
  const nextLapse = db.prepare<[number], number | null>(jobQueries.nextLapse).pluck()

  return {
    dead,
    open: (): number => ready() + delayed(-1) + leased(),
    all: (now: number): JobCounts => ({ ready: ready() + due(now), delayed: delayed(now), leased: leased(), dead: dead() }),
    /** When something becomes claimable by time alone, after `after`; null when nothing will. */
    nextTime(after: number): number | null {
      const times = [nextDelayed.get(after), nextLapse.get(after)].flatMap((time) => (time === null || time === undefined ? [] : [time]))
      return times.length === 0 ? null : Math.min(...times)
    },
  }
}

/** What runs with one lease or all of an owner. `died` is told how many may have died. */
function createJobLeases(db: Database, limits: JobLimits, { open, died }: { readonly open: Tally; readonly died: (number: number) => void }) {
  const changes = changesOf(db)
  const heartbeat = changes(jobQueries.heartbeat)
  const complete = changes(jobQueries.complete)
  const retryLater = changes(jobQueries.retryLater)
  const deadLetter = changes(jobQueries.deadLetter)
  const giveBack = changes(jobQueries.giveBack)
  const releaseStopped = changes(jobQueries.releaseStopped)
  const releaseLost = changes(jobQueries.releaseLost)
  const leaseOf = (lease: Lease) => ({ id: Number(lease.id), claim: lease.claim })

  return {
    heartbeat: (leases: readonly Lease[], until: number): ReadonlySet<string> =>
      new Set(leases.filter((lease) => heartbeat({ ...leaseOf(lease), until }) === 1).map(({ id }) => id)),
    complete(lease: Lease): boolean {
      const removed = complete(leaseOf(lease))
      open.add(-removed)
      return removed === 1
    },
    retryLater(lease: Lease, { runAfter, error }: { readonly runAfter: number; readonly error: string }, now: number): 'waiting' | 'dead' | 'lost' {
      if (retryLater({ ...leaseOf(lease), runAfter, error, now }) === 1) return 'waiting'
      const dead = deadLetter({ ...leaseOf(lease), error, now })
      died(dead)
      return dead === 1 ? 'dead' : 'lost'
    },
    deadLetter(lease: Lease, error: string, now: number): boolean {
      const dead = deadLetter({ ...leaseOf(lease), error, now })
      died(dead)
      return dead === 1
    },
    giveBack: (lease: Lease, runAfter: number, now: number): boolean => giveBack({ ...leaseOf(lease), runAfter, now }) === 1,
    release(owner: string, how: 'stopped' | 'lost', now: number): number {
      if (how === 'stopped') return releaseStopped({ owner })
      const released = releaseLost({ owner, now, maxLost: limits.lost })
      died(released)
      return released
    },
  }
}

function changesOf(db: Database) {
  return (sql: string) => {
    const statement = db.prepare<[object]>(sql)
    return (values: object): number => statement.run(values).changes
  }
}

function toJob(row: JobRow): Job {
  return {
    id: String(row.id), key: row.key, kind: row.kind, payload: row.payload, state: row.state, priority: row.priority, group: row.job_group, runAfter: row.run_after,
    attempts: row.attempts, maxAttempts: row.max_attempts, lost: row.lost, error: row.error, enqueuedAt: row.enqueued_at, owner: row.owner, leaseUntil: row.lease_until,
  }
}
