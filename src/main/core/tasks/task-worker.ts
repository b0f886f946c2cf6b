import type { Settings } from '#contract/settings'
import type { Task } from '#contract/tasks'
import type { ClaimedJob, JobQueue, Lease } from '../ports/job-queue'
import type { StoredTask } from '../ports/task-store'
import { changeTask } from './change-task'
import { considerEvent, missOverdue, resumeAllWithinBudget, type FollowPorts } from './follow-tasks'
import { createOffers, keyOf, type Offers, TASK_JOB } from './offers'
import type { Preflight } from './preflight'

const LEASE_MS = 60_000
const LOOK_EVERY_MS = 15_000
const TRY_AGAIN_MS = 5_000
/** What leads to a free place or to work: what a run comes to is told as a change of its task. */
const wakers: ReadonlySet<string> = new Set(['stream.open', 'task.update', 'work.update', 'settings.update', 'plan.update', 'workflow.run'])
const OWNER_FLAG = 'tasks.worker'

export interface TaskWorkerPorts extends FollowPorts {
  readonly jobs: JobQueue
  readonly settings: () => Settings
  readonly isPaused: () => boolean
  /** The conversations whose agents wait for the tasks of a plan. */
  readonly waitForPlans: () => ReadonlySet<string>
  readonly preflight: (task: Pick<Task, 'workspaceId' | 'model' | 'mode' | 'template'>) => Promise<Preflight>
}

export interface TaskWorker {
  /** After the runs of an earlier process are reconciled. Goes on with attempts that were interrupted, then starts what is ready. */
  start(): Promise<void>
  /** Starts nothing more. What is at work goes on until the runs are stopped. */
  stop(): Promise<void>
}

/**
 * Takes ready tasks from the queue and follows their runs. The tasks are the truth: a job only says that one may be ready, and
 * one of an earlier generation starts nothing.
 */
export function createTaskWorker(ports: TaskWorkerPorts): TaskWorker {
  const { store, jobs, logger, events, newId, attempts, newTraceId } = ports
  const owner = newId()
  const ending = new AbortController()
  const held = new Map<string, Lease>()
  const offers = createOffers(jobs)
  let stops: (() => void)[] = []
  let looking: Promise<void> | null = null
  let again = false

  const guarded = async (what: string, work: () => unknown) => {
    try {
      await work()
    } catch (error) {
      offers.doubt()
      if (!ending.signal.aborted) logger.error(what, { error })
    }
  }
  const look = async (): Promise<void> => {
    await finishJobs(ports, held)
    while (!ending.signal.aborted && !ports.isPaused()) {
      const started = await claimSome(ports, owner, held, ending.signal)
      if (started === 0) return
    }
  }
  /** One look at a time; what happens meanwhile leads to another. */
  const wake = (): void => {
    again = true
    if (looking || ending.signal.aborted) return
    looking = (async () => {
      while (again && !ending.signal.aborted) {
        again = false
        await guarded('tasks.look_failed', look)
      }
      looking = null
    })()
  }
  const follow = async (): Promise<void> => {
    const topics = ['task.update', 'run.update', 'step.update', 'human.request', 'session.removed', 'work.update', 'settings.update', 'plan.update', 'workflow.run'] as const
    for await (const message of events.subscribe({ topics: [...topics] }, ending.signal)) {
      if (message.topic === 'stream.open') {
        if (message.reset) await guarded('tasks.reset_failed', () => offers.offer(readyTasks(ports)))
      } else await guarded('task.not_followed', () => considerEvent(ports, message, offers.offer))
      if (wakers.has(message.topic)) wake()
    }
  }
  let ticking = false
  const tick = async (): Promise<void> => {
    if (ticking) return
    ticking = true
    await guarded('tasks.tick_failed', () => lookAround(ports, offers, [...held.values()]))
    ticking = false
    wake()
  }

  return {
    start: async () => {
      const before = store.flags.get(OWNER_FLAG)
      if (before !== null) await jobs.release(before, 'lost')
      store.transaction(() => store.flags.put(OWNER_FLAG, owner))
      void follow()
      await attempts.takeUp(newTraceId())
      missOverdue(ports)
      await offers.offer(readyTasks(ports))
      stops = [jobs.onReady(wake), every(ports, LOOK_EVERY_MS, () => void tick())]
      wake()
    },
    stop: async () => {
      ending.abort()
      for (const stop of stops) stop()
      await looking
      await guarded('tasks.not_released', async () => {
        await finishJobs(ports, held)
        await jobs.release(owner, 'stopped')
      })
    },
  }
}

/** What no event tells, or told while something was in its way. */
async function lookAround(ports: TaskWorkerPorts, offers: Offers, leases: readonly Lease[]): Promise<void> {
  const { store, attempts, jobs, newTraceId } = ports
  missOverdue(ports)
  resumeAllWithinBudget(ports)
  for (const { sessionId } of store.taskRuns.listOpen()) if (sessionId !== null) attempts.settle(sessionId, newTraceId())
  if (leases.length > 0) await jobs.heartbeat(leases, LEASE_MS)
  if (offers.isUnsure()) await offers.offer(readyTasks(ports))
}

function every({ clock }: TaskWorkerPorts, ms: number, work: () => void): () => void {
  let cancel = () => {}
  const next = () => {
    cancel = clock.after(ms, () => {
      next()
      work()
    })
  }
  next()
  return () => cancel()
}

/** What should be in the queue: after a crash between a task and its job, or when the queue was full. */
function readyTasks({ store }: TaskWorkerPorts): StoredTask[] {
  return store.tasks.idsInState('ready').map((id) => store.tasks.get(id)).filter((task) => task !== null).filter(({ blockedBy }) => blockedBy.length === 0)
}

/** Jobs whose attempt has come to an end, or to a person, give their place free. */
async function finishJobs({ store, jobs }: TaskWorkerPorts, held: Map<string, Lease>): Promise<void> {
  for (const [taskId, lease] of [...held]) {
    if (store.tasks.get(taskId)?.state === 'running') continue
    held.delete(taskId)
    await jobs.complete(lease)
  }
}

async function claimSome(ports: TaskWorkerPorts, owner: string, held: Map<string, Lease>, signal: AbortSignal): Promise<number> {
  const { store, jobs, clock } = ports
  const { maxConcurrent, maxPerWorkspace } = ports.settings().tasks
  // Whoever waits for a plan of its own leaves its place to that.
  const waiting = ports.waitForPlans()
  const running = store.tasks.idsInState('running').map((id) => store.tasks.get(id)).filter((task) => task === null || !waiting.has(task.sessionId ?? ''))
    .map((task) => task?.workspaceId ?? null)
  const limit = maxConcurrent - running.length
  if (limit <= 0) return 0
  const fullGroups = [...new Set(running)].filter((group) => group !== null).filter((group) => running.filter((other) => other === group).length >= maxPerWorkspace)
  // One by one: the next may be of a folder that is full by then.
  const [job] = await jobs.claim({ kind: TASK_JOB, owner, leaseMs: LEASE_MS, limit: 1, fullGroups })
  if (!job) return 0
  try {
    const started = await startJob(ports, job, signal)
    if (started) held.set(job.payload, job.lease)
    else await jobs.complete(job.lease)
    return 1
  } catch (error) {
    // The disk is full, say. It stays ready, and its job waits a little.
    await jobs.giveBack(job.lease, clock.now() + TRY_AGAIN_MS)
    throw error
  }
}

/** False when it did not start: it is not meant any more, or something that it needs is missing. */
async function startJob(ports: TaskWorkerPorts, job: ClaimedJob, signal: AbortSignal): Promise<boolean> {
  const { store, attempts, preflight, newTraceId, events } = ports
  const task = store.tasks.get(job.payload)
  if (task?.state !== 'ready' || keyOf(task) !== job.key || task.blockedBy.length > 0) return false
  const traceId = newTraceId()
  const { missing } = await preflight(task)
  if (signal.aborted) return false
  if (missing === null) return attempts.begin(task.id, task.generation, traceId) !== null
  events.transact((emit) => {
    if (store.tasks.get(task.id)?.state === 'ready') changeTask(ports, emit, task.id, { to: 'needs_you', by: 'trestle', traceId, cause: 'It could not start', patch: { reason: missing } })
  })
  return false
}
