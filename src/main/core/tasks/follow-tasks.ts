import type { EventEnvelope } from '#contract/events'
import type { Task } from '#contract/tasks'
import type { AttemptPorts } from './attempt-records'
import type { Attempts } from './attempts'
import type { CheckBudget } from './budgets'
import { changeTask } from './change-task'
import type { Offer } from './offers'

export interface FollowPorts extends AttemptPorts {
  readonly attempts: Attempts
  readonly checkBudget: CheckBudget
  readonly newTraceId: () => string
}

/** What one event means for tasks and their attempts. */
export async function considerEvent(ports: FollowPorts, event: EventEnvelope, offer: Offer): Promise<void> {
  const { store, attempts } = ports
  const { traceId } = event
  if (event.topic === 'run.update') attempts.settle(event.payload.run.sessionId, traceId)
  if (event.topic === 'human.request') attempts.settle(event.payload.request.asker?.rootSessionId ?? event.payload.request.sessionId, traceId)
  if (event.topic === 'session.removed') attempts.settle(event.payload.sessionId, traceId)
  if (event.topic === 'step.update' && event.payload.step.endedAt !== null) attempts.touch(event.payload.step.sessionId, traceId)
  if (event.topic === 'settings.update') resumeAllWithinBudget(ports)
  if (event.topic !== 'task.update') return
  const task = store.tasks.get(event.payload.task.id)
  if (task?.state === 'ready' && task.blockedBy.length === 0) await offer([task])
  if (task?.state === 'needs_you') resumeWithinBudget(ports, task, traceId)
}

/** Those that a budget stopped which has room again: it was raised, or a day has passed. */
export function resumeAllWithinBudget(ports: FollowPorts): void {
  const traceId = ports.newTraceId()
  for (const id of ports.store.tasks.idsInState('needs_you')) {
    const task = ports.store.tasks.get(id)
    if (task) resumeWithinBudget(ports, task, traceId)
  }
}

function resumeWithinBudget({ attempts, checkBudget }: FollowPorts, task: Task, traceId: string): void {
  if (isOutOfBudget(task) && task.runId !== null && checkBudget(task.runId, 0).exceeded === null) attempts.resume(task.id, traceId)
}

function isOutOfBudget({ error }: Task): boolean {
  return typeof error?.data === 'object' && error.data !== null && 'budget' in error.data
}

/** Those that were not started before their deadline. */
export function missOverdue({ store, clock, events, newTraceId }: FollowPorts): void {
  const traceId = newTraceId()
  for (const id of store.tasks.overdue(clock.now())) {
    events.transact((emit) => changeTask({ store, clock }, emit, id, {
      to: 'missed', by: 'trestle', traceId, cause: 'Its deadline went by', patch: { reason: 'It was not started before its deadline.' },
    }))
  }
}
