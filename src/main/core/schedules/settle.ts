import type { Emit } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { StoredTask } from '../ports/task-store'
import type { Clock } from '../ports/system'
import { changeTask, tellTask } from '../tasks/change-task'
import type { DueTimes, DueWhen } from '../tasks/due-times'
import type { TaskService } from '../tasks/task-service'
import { decide, summarise, type Verdict } from './decide'
import { gather } from './gather'
import { jitterMs } from './jitter'
import type { PresenceWatch } from './presence'

export interface SettlePorts {
  readonly store: Store
  readonly clock: Clock
  readonly dueTimes: DueTimes
  readonly tasks: Pick<TaskService, 'createOccurrence'>
}

/** Rows that one look adds to a schedule at most, besides what it starts or asks about; more are joined. */
const MAX_ROWS = 100
const KEPT_ROWS = 10_000
const KEPT_MS = 400 * 24 * 3_600_000

/** Due times of a schedule whose time has come get their rows, tasks and successor; inside a transaction. `cancel`: what is at work has to be stopped first. */
export function settleDue(ports: SettlePorts, emit: Emit, id: string, presence: PresenceWatch, traceId: string): 'settled' | 'cancel' {
  const { store, clock, dueTimes } = ports
  const task = store.tasks.get(id)
  if (!task || task.nextDueAt === null || task.when.kind === 'adhoc' || task.state !== 'scheduled') {
    store.schedules.setNextDue(id, null)
    return 'settled'
  }
  const { when } = task
  const now = clock.now()
  const { verdicts, cancels } = decide({
    ...gather(dueTimes, when, task.nextDueAt - 1, now, presence.since()), misfire: when.misfire, overlap: when.overlap, paused: task.pausedReason !== null,
    busy: store.schedules.activeTasks(id).length > 0, queued: store.schedules.listOpen(id, 'queued', 1).length, now, absence: presence.absence,
  })
  if (cancels) return 'cancel'
  const rows = summarise(verdicts, MAX_ROWS)
  for (const verdict of rows) record(ports, emit, task, verdict, traceId)
  if (rows.length >= MAX_ROWS || now % 64 === 0) store.schedules.prune(id, now - KEPT_MS, KEPT_ROWS)
  store.schedules.setNextDue(id, dueTimes.next(when, now))
  const asked = rows.filter(({ state }) => state === 'asked').length
  if (asked > 0) changeTask(ports, emit, id, { by: 'schedule', traceId, cause: 'Due times went by', patch: { reason: askReason(ports, id) } })
  else if (!endIfOver(ports, emit, id, traceId)) tellTask(store, emit, id, traceId)
  return 'settled'
}

function record(ports: SettlePorts, emit: Emit, task: StoredTask, { dueAt, state, reason, lastDueAt, number }: Verdict, traceId: string): void {
  if (state === 'claimed') startOccurrence(ports, emit, task, dueAt, 'Its time had come', traceId)
  else ports.store.schedules.claim({ scheduleId: task.id, dueAt, state, taskId: null, reason, claimedAt: ports.clock.now(), lastDueAt, number })
}

/** Claims the due time and makes its task, in the transaction at hand. Null when it was claimed before: it runs once, whoever comes. */
export function startOccurrence(ports: SettlePorts, emit: Emit, schedule: Pick<StoredTask, 'id' | 'when'>, dueAt: number, cause: string, traceId: string): string | null {
  const { store, clock, tasks } = ports
  keepRest(ports, schedule, dueAt)
  const claimed = store.schedules.claim({ scheduleId: schedule.id, dueAt, state: 'claimed', taskId: null, reason: null, claimedAt: clock.now(), lastDueAt: null, number: 1 })
  if (!claimed) return null
  const task = tasks.createOccurrence(emit, schedule.id, dueAt, cause, traceId)
  store.schedules.setTask(schedule.id, dueAt, task.id)
  const jitter = schedule.when.kind === 'scheduled' ? jitterMs(schedule.id, dueAt, schedule.when.jitterSeconds) : 0
  if (dueAt + jitter > clock.now()) store.tasks.patch(task.id, { startAfter: dueAt + jitter })
  return task.id
}

/** The first of several due times with one row leaves them; the row goes on with the next. */
function keepRest({ store, dueTimes }: SettlePorts, { id, when }: Pick<StoredTask, 'id' | 'when'>, dueAt: number): void {
  const row = store.schedules.find(id, dueAt)
  if (!row || row.dueAt !== dueAt || row.lastDueAt === null || when.kind === 'adhoc') return
  const next = dueTimes.next(when, dueAt)
  if (next === null || next > row.lastDueAt) return
  store.schedules.claim({ ...row, dueAt: next, lastDueAt: next === row.lastDueAt ? null : row.lastDueAt, number: row.number === null ? null : row.number - 1 })
}

/** The oldest occurrence that waits for the one before starts, when nothing of its schedule is at work any more. */
export function startQueued(ports: SettlePorts, emit: Emit, id: string, traceId: string): void {
  const { schedules } = ports.store
  const task = ports.store.tasks.get(id)
  if (!task || task.state !== 'scheduled' || task.pausedReason !== null || schedules.activeTasks(id).length > 0) return
  const [next] = schedules.listOpen(id, 'queued', 1)
  if (next) startOccurrence(ports, emit, task, next.dueAt, 'The one before has ended', traceId)
}

/** A schedule without due times to come is done once nothing of it is open any more. */
export function endIfOver(ports: SettlePorts, emit: Emit, id: string, traceId: string): boolean {
  const { schedules, tasks } = ports.store
  const task = tasks.get(id)
  if (task?.state !== 'scheduled' || task.nextDueAt !== null || task.pausedReason !== null || schedules.activeTasks(id).length > 0) return false
  if (schedules.listOpen(id, 'asked', 1).length > 0 || schedules.listOpen(id, 'queued', 1).length > 0) return false
  changeTask(ports, emit, id, { to: 'done', by: 'schedule', traceId, cause: 'All of its due times are over' })
  return true
}

/** Null when nobody has to decide. */
export function askReason({ store }: Pick<SettlePorts, 'store'>, id: string): string | null {
  const asked = store.schedules.listOpen(id, 'asked', 1_000).length
  if (asked === 0) return null
  return asked === 1 ? 'A due time went by. Decide whether it is made up for.' : `${asked} due times went by. Decide whether they are made up for.`
}

/** The first due time after `after` for each schedule that has one to come, when what they were calculated with has changed. */
export function calculateAnew({ store, dueTimes }: Pick<SettlePorts, 'store' | 'dueTimes'>, after: number, onFailure: (id: string, error: unknown) => void): void {
  const nextOf = (id: string, when: DueWhen) => {
    try {
      store.schedules.setNextDue(id, dueTimes.next(when, after))
    } catch (error) {
      onFailure(id, error)
    }
  }
  for (let ids = store.schedules.listArmedAfter('', 500); ids.length > 0; ids = store.schedules.listArmedAfter(ids.at(-1) ?? '', 500)) {
    for (const id of ids) {
      const when = store.tasks.get(id)?.when
      if (when && when.kind !== 'adhoc') nextOf(id, when)
    }
  }
}
