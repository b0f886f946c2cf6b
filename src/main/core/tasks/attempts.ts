import { isAppError } from '../errors'
import type { StoredTask, StoredTaskRun } from '../ports/task-store'
import { tellAgent } from '../sessions/publish'
import { hasEnded } from '../sessions/wait-for-end'
import { type AttemptPorts, noteWorked, touch } from './attempt-records'
import { changeTask, tellTask } from './change-task'
import { settleAttempt } from './settle'
import { againMessage, firstMessage } from './task-message'

export interface Attempts {
  /** From Ready to Running: the task, the attempt, its conversation and its run are one transaction. Null when it may not start any more. */
  begin(taskId: string, generation: number, traceId: string): StoredTask | null
  /** Brings a task to what the record of its run says. Idempotent. */
  settle(sessionId: string, traceId: string): void
  /** What its agent used and when it last did something. */
  touch(sessionId: string, traceId: string): void
  /** Goes on with an attempt after its last finished step. False when its conversation has gone on, or there is nothing to go on with. */
  resume(taskId: string, traceId: string): boolean
  /** Ends the attempt that is at work or waits. Resolves when its run has stopped. */
  stop(taskId: string, traceId: string): Promise<void>
  /** After a start: settles what ended meanwhile and goes on with what was interrupted. */
  takeUp(traceId: string): Promise<void>
}

export function createAttempts(ports: AttemptPorts): Attempts {
  return {
    begin: (taskId, generation, traceId) => begin(ports, taskId, generation, traceId),
    settle: (sessionId, traceId) => {
      const attempt = openAttempt(ports, sessionId)
      if (attempt) settleAttempt(ports, attempt, traceId)
    },
    touch: (sessionId, traceId) => {
      const attempt = openAttempt(ports, sessionId)
      if (attempt) ports.events.transact((emit) => touch(ports, emit, attempt, traceId), 'later')
    },
    resume: (taskId, traceId) => resume(ports, taskId, traceId),
    stop: (taskId, traceId) => stop(ports, taskId, traceId),
    takeUp: (traceId) => takeUp(ports, traceId),
  }
}

function openAttempt({ store }: AttemptPorts, sessionId: string): StoredTaskRun | null {
  const attempt = store.taskRuns.findBySession(sessionId)
  return attempt && attempt.endedAt === null ? attempt : null
}

function begin(ports: AttemptPorts, taskId: string, generation: number, traceId: string): StoredTask | null {
  const { store, events, clock, newId, runs } = ports
  return events.transact((emit) => {
    const task = store.tasks.detail(taskId)
    if (task?.state !== 'ready' || task.generation !== generation || task.blockedBy.length > 0) return null
    const number = task.attempt + 1
    const before = store.taskRuns.newest(taskId)
    const goesOn = before?.state === 'completed' && before.sessionId !== null && store.sessions.get(before.sessionId)?.deletedAt === null
    const comments = store.taskNotes.comments(taskId)
    const sessionId = goesOn && before.sessionId !== null ? before.sessionId : newSession(ports, task, number, traceId)
    const text = goesOn ? againMessage(task, comments.filter(({ at, by }) => by === 'person' && at >= (before.endedAt ?? 0))) : firstMessage({ ...task, attempt: number }, comments)
    const started = changeTask(ports, emit, taskId, {
      to: 'running', by: 'trestle', traceId, cause: number === 1 ? 'Started' : `Attempt ${number} started`,
      patch: { attempt: number, sessionId, error: null, startAfter: null, startedAt: task.startedAt ?? clock.now(), activityAt: clock.now() },
    })
    const attemptId = newId()
    store.taskRuns.insert({ id: attemptId, taskId, number, sessionId, runId: null, startedAt: clock.now() })
    if (sessionId !== before?.sessionId) tellAgent(store, emit, sessionId, 'spawned', { sessionId, runId: null, traceId })
    // Last: it begins to work as soon as this is on disk.
    const run = runs.send(sessionId, { text }, traceId)
    store.taskRuns.patch(attemptId, { runId: run.id })
    store.tasks.patch(taskId, { runId: run.id })
    tellTask(store, emit, taskId, traceId)
    return started
  })
}

/** Its kind of agent, and whose it is where an agent made the task, are known before anybody hears of it. */
function newSession({ store, sessions, clock }: AttemptPorts, task: StoredTask, number: number, traceId: string): string {
  const { title, workspaceId, model, mode, template, source } = task
  const above = source.by === 'agent' && source.sessionId !== null ? (store.agents.get(source.sessionId)?.depth ?? 0) + 1 : 0
  const { id } = sessions.create({ title: number === 1 ? title : `${title} (attempt ${number})`.slice(0, 200), workspaceId, model, mode }, traceId)
  store.agents.insert({
    sessionId: id, level: 'task', template, depth: above, runId: null, parentSessionId: source.sessionId, parentRunId: source.runId, callKey: null, callId: null,
    instruction: title, limits: { maxSteps: null, maxMinutes: null, maxTokens: null, maxCostUsd: null }, handedOverAt: null, createdAt: clock.now(),
  })
  return id
}

function resume(ports: AttemptPorts, taskId: string, traceId: string): boolean {
  const { store, runs } = ports
  const attempt = store.taskRuns.newest(taskId)
  const run = attempt?.endedAt === null && attempt.runId !== null ? store.runs.get(attempt.runId) : null
  if (!attempt || !run || run.state === 'completed' || !hasEnded(run)) return false
  noteWorked(store, attempt)
  try {
    runs.resume(run.id, traceId)
  } catch (error) {
    if (isAppError(error) && error.code === 'CONFLICT') return false
    throw error
  }
  settleAttempt(ports, attempt, traceId)
  return true
}

async function stop(ports: AttemptPorts, taskId: string, traceId: string): Promise<void> {
  const { store, events, clock, runs } = ports
  const attempt = store.taskRuns.newest(taskId)
  if (!attempt || attempt.endedAt !== null) return
  events.transact((emit) => {
    touch(ports, emit, attempt, traceId)
    noteWorked(store, attempt)
    store.taskRuns.patch(attempt.id, { state: 'cancelled', endedAt: clock.now() })
  })
  if (attempt.runId === null || !store.runs.get(attempt.runId)) return
  await runs.cancel(attempt.runId, traceId)
  events.transact((emit) => touch(ports, emit, attempt, traceId))
}

/** Each one for itself: what one of them comes to may not keep the others from going on. */
async function takeUp(ports: AttemptPorts, traceId: string): Promise<void> {
  const { store, events, logger, clock } = ports
  for (const attempt of store.taskRuns.listOpen()) {
    try {
      const state = store.tasks.get(attempt.taskId)?.state
      if (state !== 'running' && state !== 'needs_you') {
        // Cancelled, or moved away, right before the end: its work may not go on.
        await stop(ports, attempt.taskId, traceId)
        continue
      }
      const run = attempt.runId === null ? null : store.runs.get(attempt.runId)
      // Also one that a person had just answered, which its task did not know yet.
      if (run?.state !== 'interrupted' || store.requests.listOpenByRun(run.id).length > 0) settleAttempt(ports, attempt, traceId)
      else if (!resume(ports, attempt.taskId, traceId)) store.transaction(() => store.taskRuns.patch(attempt.id, { state: 'interrupted', endedAt: clock.now() }))
    } catch (error) {
      logger.error('task.not_taken_up', { taskId: attempt.taskId, error })
    }
  }
  for (const id of store.tasks.idsInState('running')) {
    if (store.taskRuns.newest(id)?.endedAt === null) continue
    events.transact((emit) => {
      changeTask(ports, emit, id, { to: 'needs_you', by: 'trestle', traceId, cause: 'Its run was stopped', patch: { reason: 'Its run was stopped. Retry it, or cancel it.' } })
    })
  }
}
