import type { Occurrence, Schedule } from '#contract/schedules'
import type { Task } from '#contract/tasks'
import { AppError, notFound } from '../errors'
import type { EventStream } from '../events/event-stream'
import type { Page } from '../ports/store'
import type { StoredOccurrence } from '../ports/schedule-store'
import type { StoredTask } from '../ports/task-store'
import { changeTask, present } from '../tasks/change-task'
import type { DueWhen } from '../tasks/due-times'
import type { Look } from '../tasks/preflight'
import type { Origin } from '../tasks/task-service'
import { describeWhen } from './describe'
import { dueBetween } from './due-times'
import { presentOccurrence } from './explain'
import { askReason, endIfOver, type SettlePorts, startOccurrence, startQueued } from './settle'
import { createUpcoming, type Upcoming } from './upcoming'
import { why, type Why } from './why'

const NEXT = 10
/** Due times that a span may hold to be made up for at once. */
const MAX_BACKFILL = 1_000

export interface ScheduleService {
  list(query: { readonly cursor?: string | undefined; readonly limit: number }): Page<Schedule>
  get(id: string): Schedule
  preview(when: DueWhen): { readonly text: string; readonly next: number[]; readonly error: string | null }
  occurrences(id: string, query: { readonly cursor?: string | undefined; readonly limit: number }): Page<Occurrence>
  upcoming(until: number | undefined, limit: number): Upcoming[]
  why(id: string, at: number): Why
  /** What becomes due meanwhile is skipped, and says so. */
  pause(id: string, reason: string | undefined, origin: Origin): Schedule
  /** AppError INVALID_PARAMETERS when its due times make no sense, CONFLICT when all are over or something that it needs is missing. */
  resume(id: string, origin: Origin): Promise<Schedule>
  /** One more occurrence, now. */
  runNow(id: string, origin: Origin): Task
  /** Starts what did not run in [from, to]. Returns how many; those that ran stay as they are. */
  backfill(id: string, from: number, to: number, origin: Origin): number
  /** What a backfill of that span is about. */
  dueTimes(id: string, from: number, to: number): SpanOfDueTimes
  /** Answers for due times that were asked about; the others are left alone. */
  decide(id: string, dueAts: readonly number[], run: boolean, origin: Origin): void
}

export interface SpanOfDueTimes {
  readonly items: { readonly dueAt: number; readonly state: Occurrence['state'] | null }[]
  readonly isCut: boolean
  readonly toRun: number
}

export interface ScheduleServicePorts extends SettlePorts {
  readonly events: EventStream
  /** Whether it could work by itself. */
  readonly preflight: Look
}

export function createScheduleService(ports: ScheduleServicePorts): ScheduleService {
  const { store, dueTimes, clock } = ports
  return {
    get: (id) => scheduleOf(ports, id),
    list: (query) => {
      const { items, nextCursor } = store.schedules.list(query)
      return { items: items.map((id) => scheduleOf(ports, id)), nextCursor }
    },
    preview: (when) => {
      try {
        const next = dueBetween(dueTimes, when, clock.now(), Infinity, NEXT)
        return { text: describeWhen(when), next, error: next.length === 0 ? 'It has no due time to come.' : null }
      } catch (error) {
        if (error instanceof AppError && error.code === 'INVALID_PARAMETERS') return { text: '', next: [], error: error.message }
        throw error
      }
    },
    occurrences: (id, query) => {
      getSchedule(ports, id)
      const { items, nextCursor } = store.schedules.listOccurrences(id, query)
      return { items: items.map((row) => presented(ports, row)), nextCursor }
    },
    upcoming: createUpcoming(ports),
    why: (id, at) => why(ports, getSchedule(ports, id), at, (row) => presented(ports, row)),
    pause: (id, reason, origin) => pause(ports, id, reason, origin),
    resume: (id, origin) => resume(ports, id, origin),
    runNow: (id, origin) => runNow(ports, id, origin),
    backfill: (id, from, to, origin) => backfill(ports, id, from, to, origin),
    dueTimes: (id, from, to) => spanOf(ports, id, from, to),
    decide: (id, dueAts, run, origin) => decideAsked(ports, id, dueAts, run, origin),
  }
}

type ScheduleTask = StoredTask & { readonly when: DueWhen }

function getSchedule({ store }: ScheduleServicePorts, id: string): ScheduleTask {
  const task = store.tasks.get(id)
  if (!task || task.when.kind === 'adhoc') throw notFound('Schedule', id)
  return { ...task, when: task.when }
}

function scheduleOf(ports: ScheduleServicePorts, id: string): Schedule {
  const task = getSchedule(ports, id)
  const { title, when, pausedReason, nextDueAt } = task
  return {
    id, title, text: describeWhen(when), timeZone: when.timeZone, pausedReason, ...ports.store.schedules.sums(id),
    next: nextDueAt === null ? [] : [nextDueAt, ...dueBetween(ports.dueTimes, when, nextDueAt, Infinity, NEXT - 1)],
  }
}

function presented({ store }: ScheduleServicePorts, row: StoredOccurrence): Occurrence {
  return presentOccurrence(row, row.taskId === null ? null : store.tasks.get(row.taskId))
}

function pause(ports: ScheduleServicePorts, id: string, reason: string | undefined, { source: { by }, traceId }: Origin): Schedule {
  getSchedule(ports, id)
  ports.events.transact((emit) => changeTask(ports, emit, id, { by, traceId, cause: 'Paused', patch: { pausedReason: reason === undefined || reason === '' ? 'Paused by you' : reason } }))
  return scheduleOf(ports, id)
}

async function resume(ports: ScheduleServicePorts, id: string, { source: { by }, traceId }: Origin): Promise<Schedule> {
  const { missing } = await ports.preflight(getSchedule(ports, id))
  if (missing !== null) throw new AppError('CONFLICT', `${missing} It stays paused.`)
  const { state, when } = getSchedule(ports, id)
  const nextDueAt = ports.dueTimes.next(when, ports.clock.now())
  if (state === 'scheduled' && nextDueAt === null) throw new AppError('CONFLICT', 'All of its due times are over. Give it new ones first.')
  ports.events.transact((emit) => {
    changeTask(ports, emit, id, { by, traceId, cause: 'Goes on', patch: { pausedReason: null, ...(state === 'scheduled' && { nextDueAt }) } })
    startQueued(ports, emit, id, traceId)
  })
  return scheduleOf(ports, id)
}

function runNow(ports: ScheduleServicePorts, id: string, { traceId }: Origin): Task {
  const { store, clock, events } = ports
  return events.transact((emit) => {
    const schedule = getSchedule(ports, id)
    let dueAt = clock.now()
    while (store.schedules.find(id, dueAt)?.dueAt === dueAt) dueAt += 1
    const taskId = startOccurrence(ports, emit, schedule, dueAt, 'Run now', traceId)
    const task = taskId === null ? null : store.tasks.get(taskId)
    if (!task) throw new Error('an occurrence of this moment was claimed already')
    return present(store, task)
  })
}

function spanOf(ports: ScheduleServicePorts, id: string, from: number, to: number): SpanOfDueTimes {
  const due = dueBetween(ports.dueTimes, getSchedule(ports, id).when, from - 1, Math.min(to, ports.clock.now()), MAX_BACKFILL + 1)
  const rows = due.slice(0, MAX_BACKFILL).map((dueAt) => ({ dueAt, row: ports.store.schedules.find(id, dueAt) }))
  return {
    items: rows.map(({ dueAt, row }) => ({ dueAt, state: row === null ? null : presented(ports, row).state })),
    isCut: due.length > MAX_BACKFILL,
    toRun: rows.filter(({ dueAt, row }) => !isTaken(row, dueAt)).length,
  }
}

/** It ran, or waits for its turn. */
function isTaken(row: StoredOccurrence | null, dueAt: number): boolean {
  return row?.dueAt === dueAt && (row.state === 'claimed' || row.state === 'queued')
}

function backfill(ports: ScheduleServicePorts, id: string, from: number, to: number, { traceId }: Origin): number {
  const { clock, dueTimes, events } = ports
  return events.transact((emit) => {
    const schedule = getSchedule(ports, id)
    const due = dueBetween(dueTimes, schedule.when, from - 1, Math.min(to, clock.now()), MAX_BACKFILL + 1)
    if (due.length > MAX_BACKFILL) throw new AppError('INVALID_PARAMETERS', `This span has more than ${MAX_BACKFILL} due times. Take a shorter one; nothing was started.`)
    const started = due.filter((dueAt) => makeUp(ports, emit, schedule, dueAt, 'Made up for', traceId)).length
    tellDecided(ports, emit, id, traceId)
    return started
  })
}

/** One after the other, unless its occurrences may overlap. False when it ran, or waits for its turn already. */
function makeUp(ports: ScheduleServicePorts, emit: Parameters<typeof startOccurrence>[1], schedule: ScheduleTask, dueAt: number, cause: string, traceId: string): boolean {
  const { schedules } = ports.store
  if (isTaken(schedules.find(schedule.id, dueAt), dueAt)) return false
  if (schedule.when.overlap === 'allow' || schedules.activeTasks(schedule.id).length === 0) return startOccurrence(ports, emit, schedule, dueAt, cause, traceId) !== null
  return schedules.claim({ scheduleId: schedule.id, dueAt, state: 'queued', taskId: null, reason: null, claimedAt: ports.clock.now(), lastDueAt: null, number: 1 })
}

function decideAsked(ports: ScheduleServicePorts, id: string, dueAts: readonly number[], run: boolean, { traceId }: Origin): void {
  const { store, clock, events } = ports
  events.transact((emit) => {
    const schedule = getSchedule(ports, id)
    for (const dueAt of dueAts.toSorted((left, right) => left - right)) {
      const row = store.schedules.find(id, dueAt)
      if (row?.dueAt !== dueAt || row.state !== 'asked') continue
      if (run) makeUp(ports, emit, schedule, dueAt, 'You decided to make up for it', traceId)
      else store.schedules.claim({ ...row, state: 'missed', reason: 'declined', claimedAt: clock.now() })
    }
    tellDecided(ports, emit, id, traceId)
  })
}

function tellDecided(ports: ScheduleServicePorts, emit: Parameters<typeof startOccurrence>[1], id: string, traceId: string): void {
  changeTask(ports, emit, id, { by: 'trestle', traceId, cause: 'Due times that went by were decided about', patch: { reason: askReason(ports, id) } })
  endIfOver(ports, emit, id, traceId)
}
