import type { Task, TaskComment } from '#contract/tasks'
import { AppError } from '../errors'
import type { TaskServicePorts, Origin } from './task-service'
import { withDescendants } from './task-service'
import type { Attempts } from './attempts'
import { changeTask, getTask, present, tellTask } from './change-task'
import { START_NEXT } from './offers'
import { isAtEnd, mayFollow } from './states'

/** What people do to a task besides describing it. */
export interface TaskActions {
  /** Now: before its time and before others. */
  run(id: string, origin: Origin): Promise<Task>
  /** With its children. Resolves when nothing of them runs any more; idempotent. */
  cancel(id: string, origin: Origin): Promise<Task>
  /** A task that ended without success, or waits for a person: goes on after its last finished step where it can. */
  retry(id: string, origin: Origin): Promise<Task>
  /** A dead letter gets all its attempts again. */
  requeue(id: string, origin: Origin): Promise<Task>
  review(id: string, accept: boolean, message: string | undefined, origin: Origin): Task
  comment(id: string, text: string, origin: Origin): TaskComment
}

export interface TaskActionPorts extends TaskServicePorts {
  readonly attempts: Attempts
  /** One more occurrence of a planned or scheduled task, at once. */
  readonly runSchedule: (id: string, origin: Origin) => Promise<Task>
}

export function createTaskActions(ports: TaskActionPorts): TaskActions {
  return {
    run: (id, origin) => run(ports, id, origin),
    cancel: (id, origin) => cancel(ports, id, origin),
    retry: (id, origin) => retry(ports, id, origin),
    requeue: (id, origin) => requeue(ports, id, origin),
    review: (id, accept, message, origin) => review(ports, id, accept, message, origin),
    comment: (id, text, origin) => ports.events.transact(() => addComment(ports, id, text, origin)),
  }
}

async function run(ports: TaskActionPorts, id: string, origin: Origin): Promise<Task> {
  const { store, events } = ports
  const task = getTask(store, id)
  if (task.when.kind !== 'adhoc') return ports.runSchedule(id, origin)
  if (task.state === 'running') return present(store, task)
  if (task.blockedBy.length > 0) throw new AppError('CONFLICT', `It waits for ${task.blockedBy.length === 1 ? 'a task that is' : `${task.blockedBy.length} tasks that are`} not done. Take the dependency away to start it all the same.`)
  if (task.state !== 'ready' && task.state !== 'backlog') return retry(ports, id, origin)
  await assertCanStart(ports, task)
  return events.transact((emit) => present(store, changeTask(ports, emit, id, {
    ...(task.state === 'backlog' && { to: 'ready' as const }), by: origin.source.by, traceId: origin.traceId, cause: 'Started by hand', patch: { startAfter: START_NEXT },
  })))
}

async function assertCanStart(ports: TaskActionPorts, task: Task): Promise<void> {
  const { missing } = await ports.preflight(task)
  if (missing !== null) throw new AppError('CONFLICT', missing)
}

async function cancel(ports: TaskActionPorts, id: string, { source: { by }, traceId }: Origin): Promise<Task> {
  const { store, events, stopAttempt } = ports
  const all = withDescendants(store, id)
  events.transact((emit) => {
    for (const taskId of all) {
      const task = getTask(store, taskId)
      if (isAtEnd(task.state)) continue
      if (!mayFollow(task.state, 'cancelled', by)) continue
      changeTask(ports, emit, taskId, { to: 'cancelled', by, traceId, cause: taskId === id ? 'Cancelled' : 'Its parent was cancelled' })
    }
  })
  await Promise.all(all.map((taskId) => stopAttempt(taskId, traceId)))
  return present(store, getTask(store, id))
}

async function retry(ports: TaskActionPorts, id: string, origin: Origin): Promise<Task> {
  const { store, attempts } = ports
  const task = getTask(store, id)
  if (task.when.kind !== 'adhoc' || task.state === 'running' || task.state === 'ready' || task.state === 'done') {
    throw new AppError('CONFLICT', 'Only a task that ended without success, or that needs you, can be tried again.')
  }
  if (task.runId !== null && store.requests.listOpenByRun(task.runId).length > 0) throw new AppError('CONFLICT', 'Its agent asks you something. Answer it, and it goes on.')
  await assertCanStart(ports, task)
  if (task.state === 'needs_you' && attempts.resume(id, origin.traceId)) return present(store, getTask(store, id))
  return again(ports, task, 'Tried again', origin)
}

async function requeue(ports: TaskActionPorts, id: string, origin: Origin): Promise<Task> {
  const task = getTask(ports.store, id)
  if (task.state !== 'dead_letter') throw new AppError('CONFLICT', 'Only a dead letter can be taken back into the queue.')
  return again(ports, task, 'Taken back into the queue, with all its attempts', origin)
}

/** The attempts before do not count any more: as many again are made. */
async function again(ports: TaskActionPorts, { id }: Task, cause: string, { source: { by }, traceId }: Origin): Promise<Task> {
  const { store, events } = ports
  const changed = events.transact((emit) => changeTask(ports, emit, id, { to: 'ready', by, traceId, cause, patch: { startAfter: null, error: null } }))
  await ports.stopAttempt(id, traceId)
  return present(store, changed)
}

function review(ports: TaskActionPorts, id: string, accept: boolean, message: string | undefined, origin: Origin): Task {
  const { store, events } = ports
  const { source: { by }, traceId } = origin
  if (getTask(store, id).state !== 'review') throw new AppError('CONFLICT', 'This task does not wait for a review any more.')
  return events.transact((emit) => {
    if (message !== undefined && message !== '') addComment(ports, id, message, origin)
    return present(store, changeTask(ports, emit, id, { to: accept ? 'done' : 'ready', by, traceId, cause: accept ? 'Accepted' : 'Sent back', patch: { startAfter: null } }))
  })
}

function addComment({ store, events, clock, newId }: TaskActionPorts, id: string, text: string, { source: { by }, traceId }: Origin): TaskComment {
  getTask(store, id)
  const comment: TaskComment = { id: newId(), taskId: id, by: by === 'agent' ? 'agent' : 'person', text, at: clock.now() }
  return events.transact((emit) => {
    store.taskNotes.addComment(comment)
    tellTask(store, emit, id, traceId)
    return comment
  })
}
