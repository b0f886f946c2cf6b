import { isAppError } from '../errors'
import type { EventStream } from '../events/event-stream'
import { followEvents } from '../events/follow-events'
import type { Logger } from '../ports/system'
import { changeTask } from '../tasks/change-task'
import type { TaskService } from '../tasks/task-service'
import { watchPresence } from './presence'
import { calculateAnew, endIfOver, settleDue, type SettlePorts, startQueued } from './settle'

export interface SchedulerPorts extends SettlePorts {
  readonly events: EventStream
  readonly tasks: Pick<TaskService, 'createOccurrence' | 'move'>
  readonly logger: Logger
  readonly newTraceId: () => string
  /** Which edition of the time zone data this process calculates with. */
  readonly timeZoneData: string
}

export interface Scheduler {
  /** Looks at once, then whenever something is due. The result ends it; what is at work is finished. */
  start(): () => void
  /** Something may be due: after waking up, after a change. Resolves when all that is due has its row. */
  look(): Promise<void>
}

/** A longer timer would sleep through a change of the clock. */
const LONGEST_WAIT_MS = 30_000
/** What is due stays due, so a failure would come again at once. */
const AFTER_FAILURE_MS = 1_000
/** Schedules in one transaction. */
const BATCH = 50
const DATA_FLAG = 'schedules.time_zone_data'

/** The database says what is due; the timer only says when to look. */
export function createScheduler(ports: SchedulerPorts): Scheduler {
  const { store, clock } = ports
  let presence: ReturnType<typeof watchPresence> | null = null
  let looking: Promise<void> | null = null
  let again = false
  let cancelTimer: () => void = () => {}

  const arm = (atLeast = 0) => {
    cancelTimer()
    if (!presence) return
    const due = store.schedules.nextDueAt()
    const wait = due === null ? LONGEST_WAIT_MS : Math.min(due - clock.now(), LONGEST_WAIT_MS)
    cancelTimer = clock.after(Math.max(atLeast, wait), () => void look())
  }
  const pass = async () => {
    if (!presence) return
    if (presence.look().back) recalculate(ports, clock.now())
    await settleAll(ports, presence)
    for (const id of store.schedules.listQueued()) ports.events.transact((emit) => startQueued(ports, emit, id, ports.newTraceId()))
  }
  const run = async () => {
    let pauseMs = 0
    try {
      do {
        again = false
        await pass()
      } while (again)
    } catch (error) {
      ports.logger.error('schedules.look-failed', { error })
      pauseMs = AFTER_FAILURE_MS
    } finally {
      looking = null
      arm(pauseMs)
    }
  }
  const look = () => {
    again = true
    return (looking ??= run())
  }
  return {
    look,
    start() {
      presence = watchPresence(ports)
      const { lastSeen } = presence
      if (store.flags.get(DATA_FLAG) !== ports.timeZoneData) {
        // What went by while it was closed is still to be judged, now by the new rules.
        if (lastSeen !== null) recalculate(ports, Math.min(lastSeen, clock.now()))
        store.flags.put(DATA_FLAG, ports.timeZoneData)
      }
      const stop = followTasks(ports, look, arm)
      void look()
      return () => {
        stop()
        presence = null
        cancelTimer()
      }
    },
  }
}

async function settleAll(ports: SchedulerPorts, presence: ReturnType<typeof watchPresence>): Promise<void> {
  const { store, clock, events } = ports
  for (let ids = store.schedules.listDue(clock.now(), BATCH); ids.length > 0; ids = store.schedules.listDue(clock.now(), BATCH)) {
    const traceId = ports.newTraceId()
    const toCancel = settleBatch(ports, ids, presence, traceId)
    for (const id of toCancel) {
      // Each ends at once for the board; its processes are gone before its successor starts.
      const origin = { source: { by: 'schedule', sessionId: null, runId: null }, traceId } as const
      await Promise.all(store.schedules.activeTasks(id).map((taskId) => ports.tasks.move(taskId, 'cancelled', undefined, origin)))
      events.transact((emit) => settleDue(ports, emit, id, presence, traceId))
    }
    await clock.turn()
  }
}

function settleBatch(ports: SchedulerPorts, ids: readonly string[], presence: ReturnType<typeof watchPresence>, traceId: string): string[] {
  const { events } = ports
  try {
    return events.transact((emit) => ids.filter((id) => settleDue(ports, emit, id, presence, traceId) === 'cancel'))
  } catch (error) {
    // One of them cannot be settled; the others must not suffer.
    if (ids.length > 1) return ids.flatMap((id) => settleBatch(ports, [id], presence, traceId))
    if (isAppError(error) && error.code !== 'INVALID_PARAMETERS') throw error
    for (const id of ids) pauseBroken(ports, id, error)
    return []
  }
}

function recalculate(ports: SchedulerPorts, after: number): void {
  const failed: [string, unknown][] = []
  ports.store.transaction(() => calculateAnew(ports, after, (id, error) => failed.push([id, error])))
  for (const [id, error] of failed) pauseBroken(ports, id, error)
}

/** A pattern or a zone that this version does not know any more. */
function pauseBroken(ports: SchedulerPorts, id: string, error: unknown): void {
  const reason = isAppError(error) ? error.message : 'Its due times could not be calculated.'
  ports.logger.error('schedules.paused', { id, error })
  ports.events.transact((emit) => changeTask(ports, emit, id, {
    by: 'trestle', traceId: ports.newTraceId(), cause: 'Paused', patch: { pausedReason: reason, nextDueAt: null },
  }))
}

/** A schedule that was changed is due at another time; an occurrence that ended makes room for the next. */
function followTasks(ports: SchedulerPorts, look: () => Promise<void>, arm: () => void): () => void {
  return followEvents({
    events: ports.events,
    topics: ['task.update'],
    consider: (message) => {
      if (message.topic !== 'task.update') return
      const { task: { when, scheduleId, endedAt } } = message.payload
      if (when.kind !== 'adhoc') arm()
      if (scheduleId === null || endedAt === null) return
      ports.events.transact((emit) => endIfOver(ports, emit, scheduleId, ports.newTraceId()))
      void look()
    },
    onError: (error) => ports.logger.error('schedules.follow-failed', { error }),
  })
}
