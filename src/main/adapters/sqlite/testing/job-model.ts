import fc from 'fast-check'
import type { JobQueue, Lease } from '#core/ports/job-queue'
import type { ManualClock } from '../../../../testing/manual-clock'
import type { JobLimits } from '../tables/jobs'

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')
const owner = fc.constantFrom('we', 'they')
/** Which of the leases that were ever given. */
const lease = fc.nat({ max: 20 })
const delay = fc.constantFrom(0, 0, 50, 150)

export const commands = fc.oneof(
  fc.record({ do: fc.constant('enqueue' as const), key, priority: fc.nat({ max: 2 }), delay, maxAttempts: fc.integer({ min: 1, max: 3 }), group: fc.constantFrom(null, 'x') }),
  fc.record({ do: fc.constant('claim' as const), owner, limit: fc.integer({ min: 1, max: 3 }), full: fc.boolean() }),
  fc.record({ do: fc.constant('heartbeat' as const), lease }),
  fc.record({ do: fc.constant('complete' as const), lease }),
  fc.record({ do: fc.constant('retryLater' as const), lease, delay }),
  fc.record({ do: fc.constant('deadLetter' as const), lease }),
  fc.record({ do: fc.constant('giveBack' as const), lease }),
  fc.record({ do: fc.constant('release' as const), owner, how: fc.constantFrom('stopped' as const, 'lost' as const) }),
  fc.record({ do: fc.constant('requeue' as const), key }),
  fc.record({ do: fc.constant('cancel' as const), key }),
  fc.record({ do: fc.constant('change' as const), key, priority: fc.nat({ max: 2 }) }),
  fc.record({ do: fc.constant('counts' as const) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(10, 60, 120) }),
)
export type Command = typeof commands extends fc.Arbitrary<infer T> ? T : never

const LEASE_MS = 100

interface ModelJob {
  readonly order: number
  readonly key: string
  readonly group: string | null
  readonly maxAttempts: number
  priority: number
  state: 'waiting' | 'leased' | 'dead'
  runAfter: number
  attempts: number
  lost: number
  owner: string
  leaseUntil: number
  lease: number
  died: number
}

export interface Model {
  readonly limits: JobLimits
  jobs: ModelJob[]
  order: number
  leases: number
  deaths: number
}

export function createModel(limits: JobLimits): Model {
  return { limits, jobs: [], order: 0, leases: 0, deaths: 0 }
}

function die(model: Model, job: ModelJob): void {
  job.state = 'dead'
  job.died = (model.deaths += 1)
}

/** Of those that died at the same moment, the one that was enqueued first counts as the older. */
function trim(model: Model): void {
  const dead = model.jobs.filter(({ state }) => state === 'dead').sort((left, right) => left.died - right.died)
  const gone = new Set(dead.slice(0, Math.max(0, dead.length - model.limits.dead)))
  model.jobs = model.jobs.filter((job) => !gone.has(job))
}

function lose(model: Model, jobs: readonly ModelJob[]): void {
  for (const job of [...jobs].sort((left, right) => left.order - right.order)) {
    job.lost += 1
    job.state = 'waiting'
    if (job.lost >= model.limits.lost) die(model, job)
  }
  trim(model)
}

function claim(model: Model, { owner: by, limit, full }: Extract<Command, { do: 'claim' }>, now: number): unknown {
  lose(model, model.jobs.filter((job) => job.state === 'leased' && job.leaseUntil <= now && job.owner !== by))
  const ready = model.jobs.filter((job) => job.state === 'waiting' && job.runAfter <= now && !(full && job.group === 'x'))
    .sort((left, right) => right.priority - left.priority || left.order - right.order).slice(0, limit)
  for (const job of ready) Object.assign(job, { state: 'leased', owner: by, leaseUntil: now + LEASE_MS, lease: (model.leases += 1) })
  return ready.map(({ key: name, attempts, lost }) => [name, attempts, lost])
}

/** What the command answers, by the plainest code that says what a queue is. */
export function applyToModel(model: Model, command: Command, now: number): unknown {
  const byKey = (name: string) => model.jobs.find((job) => job.key === name)
  const held = 'lease' in command ? model.jobs.find((job) => job.state === 'leased' && job.lease === command.lease + 1) : undefined
  const count = (...states: string[]) => model.jobs.filter(({ state }) => states.includes(state)).length
  switch (command.do) {
    case 'enqueue': {
      if (byKey(command.key)) return 'known'
      if (count('waiting', 'leased') >= model.limits.open) return 'full'
      const { key: name, group, maxAttempts, priority } = command
      model.jobs.push({ order: (model.order += 1), key: name, group, maxAttempts, priority, state: 'waiting', runAfter: now + command.delay, attempts: 0, lost: 0, owner: '', leaseUntil: 0, lease: 0, died: 0 })
      return 'accepted'
    }
    case 'claim': return claim(model, command, now)
    case 'heartbeat':
      if (held) held.leaseUntil = now + LEASE_MS
      return held !== undefined
    case 'complete':
      model.jobs = model.jobs.filter((job) => job !== held)
      return held !== undefined
    case 'retryLater': {
      if (!held) return 'lost'
      held.attempts += 1
      held.runAfter = now + command.delay
      held.state = 'waiting'
      if (held.attempts < held.maxAttempts) return 'waiting'
      die(model, held)
      trim(model)
      return 'dead'
    }
    case 'deadLetter':
      if (held) die(model, held)
      if (held) held.attempts += 1
      trim(model)
      return held !== undefined
    case 'giveBack':
      if (held) Object.assign(held, { state: 'waiting', runAfter: now })
      return held !== undefined
    case 'release': {
      const theirs = model.jobs.filter((job) => job.state === 'leased' && job.owner === command.owner)
      if (command.how === 'lost') lose(model, theirs)
      else for (const job of theirs) job.state = 'waiting'
      return theirs.length
    }
    case 'requeue': {
      const job = byKey(command.key)
      if (job?.state !== 'dead') return false
      Object.assign(job, { state: 'waiting', runAfter: now, attempts: 0, lost: 0 })
      return true
    }
    case 'cancel': {
      const before = model.jobs.length
      model.jobs = model.jobs.filter((job) => job.key !== command.key)
      return model.jobs.length < before
    }
    case 'change': {
      const job = byKey(command.key)
      if (job?.state !== 'waiting') return false
      job.priority = command.priority
      return true
    }
    case 'counts': {
      const ready = model.jobs.filter((job) => job.state === 'waiting' && job.runAfter <= now).length
      return { ready, delayed: count('waiting') - ready, leased: count('leased'), dead: count('dead') }
    }
    case 'wait': return null
  }
}

export async function applyToQueue(real: { readonly queue: JobQueue; readonly clock: ManualClock; readonly leases: Lease[] }, command: Command): Promise<unknown> {
  const { queue, clock, leases } = real
  const held = ('lease' in command ? leases[command.lease] : undefined) ?? { id: '0', claim: 0 }
  switch (command.do) {
    case 'enqueue': {
      const { key: name, priority, maxAttempts, group } = command
      return (await queue.enqueue([{ key: name, kind: 'task', payload: '', priority, maxAttempts, group, runAfter: clock.now() + command.delay }]))[0]
    }
    case 'claim': {
      const jobs = await queue.claim({ kind: 'task', owner: command.owner, leaseMs: LEASE_MS, limit: command.limit, fullGroups: command.full ? ['x'] : [] })
      leases.push(...jobs.map((job) => job.lease))
      return jobs.map(({ key: name, attempts, lost }) => [name, attempts, lost])
    }
    case 'heartbeat': return (await queue.heartbeat([held], LEASE_MS)).has(held.id)
    case 'complete': return queue.complete(held)
    case 'retryLater': return queue.retryLater(held, { runAfter: clock.now() + command.delay, error: 'no' })
    case 'deadLetter': return queue.deadLetter(held, 'no')
    case 'giveBack': return queue.giveBack(held)
    case 'release': return queue.release(command.owner, command.how)
    case 'requeue': return queue.requeue(command.key)
    case 'cancel': return queue.cancel(command.key)
    case 'change': return queue.change(command.key, { priority: command.priority })
    case 'counts': return queue.counts()
    case 'wait':
      clock.advance(command.ms)
      return null
  }
}
