import type { EventEnvelope } from '#contract/events'
import { isAppError } from '../errors'
import type { EventStream } from '../events/event-stream'
import { followEvents, type Guard } from '../events/follow-events'
import type { StoredPlan } from '../ports/plan-store'
import type { Store } from '../ports/store'
import type { Clock, Logger } from '../ports/system'
import type { RunManager } from '../sessions/run-manager'
import type { TaskActions } from '../tasks/task-actions'
import { progressOf } from './plan-outcome'
import { tellPlan } from './plans'

export interface FollowPlanPorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly logger: Logger
  readonly actions: Pick<TaskActions, 'cancel'>
  readonly runs: Pick<RunManager, 'resume'>
  readonly newTraceId: () => string
}

/** Brings plans to what their tasks and their agents came to; now for what ended before, then as it happens. The result stops it. */
export function followPlans(ports: FollowPlanPorts): () => void {
  const { store, events, logger, newTraceId } = ports
  const lookAtAll = async (guard: Guard) => {
    for (const plan of store.plans.inState('proposed')) withdrawStale(ports, plan, newTraceId())
    for (const plan of store.plans.inState('approved')) await guard(() => lookAt(ports, plan, newTraceId()))
  }
  return followEvents({
    events,
    topics: ['task.update', 'task.removed', 'run.update', 'human.request', 'plan.update'],
    consider: (message, guard) => (message.topic === 'stream.open' ? lookAtAll(guard) : consider(ports, message)),
    onError: (error) => logger.error('plan.not_followed', { error }),
  })
}

async function consider(ports: FollowPlanPorts, event: EventEnvelope): Promise<void> {
  const { store } = ports
  if (event.topic === 'human.request' && event.payload.request.kind === 'plan' && event.payload.request.status === 'cancelled') {
    const plan = store.plans.findByRequest(event.payload.request.id)
    if (plan) withdrawStale(ports, plan, event.traceId)
    return
  }
  for (const plan of store.plans.inState('approved')) if (concerns(event, plan)) await lookAt(ports, plan, event.traceId)
}

function concerns(event: EventEnvelope, { id, runId, taskIds }: StoredPlan): boolean {
  const isOfPlan = (taskId: string) => Object.values(taskIds).includes(taskId)
  switch (event.topic) {
    case 'plan.update': return event.payload.plan.id === id
    case 'run.update': return event.payload.run.id === runId
    case 'task.update': return isOfPlan(event.payload.task.id)
    case 'task.removed': return event.payload.taskIds.some(isOfPlan)
    default: return false
  }
}

/** Its agent was stopped before anybody decided. */
function withdrawStale({ store, events, clock }: FollowPlanPorts, plan: StoredPlan, traceId: string): void {
  if (plan.state !== 'proposed' || store.requests.get(plan.requestId)?.status === 'open') return
  events.transact((emit) => {
    store.plans.patch(plan.id, { state: 'withdrawn', endedAt: clock.now() })
    tellPlan(store, emit, plan.id, traceId)
  })
}

async function lookAt(ports: FollowPlanPorts, { id }: StoredPlan, traceId: string): Promise<void> {
  const { store, events, clock } = ports
  const plan = store.plans.get(id)
  if (plan?.state !== 'approved') return
  const { open, stuck, failed } = progressOf(store, plan)
  const isStopped = store.runs.get(plan.runId)?.state === 'cancelled'
  // Those that could still be done stop when the agent was, or when the plan says so.
  const ends = isStopped || (failed && plan.stopOnFailure) ? [...open, ...stuck] : open.length === 0 ? stuck : []
  await Promise.all(ends.map((task) => ports.actions.cancel(task.id, { source: { by: 'agent', sessionId: plan.sessionId, runId: plan.runId }, traceId })))
  const now = progressOf(store, plan)
  if (now.open.length > 0 || now.stuck.length > 0) return
  events.transact((emit) => {
    if (store.plans.get(id)?.state !== 'approved') return
    store.plans.patch(id, { state: 'ended', endedAt: clock.now() })
    tellPlan(store, emit, id, traceId)
  })
  resumeAgent(ports, plan.runId, traceId)
}

/** One that was interrupted while it waited gets what came of its plan. */
function resumeAgent({ store, runs }: FollowPlanPorts, runId: string, traceId: string): void {
  if (store.runs.get(runId)?.state !== 'interrupted') return
  try {
    runs.resume(runId, traceId)
  } catch (error) {
    if (!isAppError(error)) throw error
  }
}
