import type { EventEnvelope } from '#contract/events'
import { followEvents } from '../events/follow-events'
import type { Store } from '../ports/store'
import type { StoredWorkflowRun } from '../ports/workflow-store'
import type { Logger } from '../ports/system'
import { moveOn, type MovePorts, stopRest } from './move-on'

export interface FollowWorkflowPorts extends MovePorts {
  readonly logger: Logger
  readonly newTraceId: () => string
}

/** Moves workflows on with what their tasks and approvals came to: now for what ended before, then as it happens. The result stops it. */
export function followWorkflows(ports: FollowWorkflowPorts, cancel: (id: string, traceId: string) => Promise<unknown>): () => void {
  const { store, events, logger, newTraceId } = ports
  return followEvents({
    events,
    topics: ['task.update', 'task.removed', 'run.update', 'human.request', 'session.removed', 'workflow.run'],
    consider: async (message, guard) => {
      const runs = message.topic === 'stream.open' ? store.workflows.openRuns() : concerned(store, message)
      const traceId = message.topic === 'stream.open' ? newTraceId() : message.traceId
      for (const run of runs) await guard(() => lookAt(ports, cancel, run, traceId))
    },
    onError: (error) => logger.error('workflow.not_followed', { error }),
  })
}

/** Of the runs that are open, those that an event is about. Most events are about none, and cost one look at an index. */
function concerned({ workflows }: Pick<Store, 'workflows'>, event: EventEnvelope): StoredWorkflowRun[] {
  const open = (runs: readonly (StoredWorkflowRun | null)[]) => runs.filter((run) => run !== null).filter(({ endedAt }) => endedAt === null)
  switch (event.topic) {
    case 'task.update': return open([workflows.findRunByTask(event.payload.task.id)])
    case 'task.removed': return open(event.payload.taskIds.map((id) => workflows.findRunByTask(id)))
    case 'human.request': return event.payload.request.workflowRunId === undefined ? [] : open([workflows.getRun(event.payload.request.workflowRunId)])
    case 'session.removed': return workflows.openRuns().filter(({ sessionId }) => sessionId === event.payload.sessionId)
    case 'run.update': return event.payload.run.state === 'cancelled' ? workflows.openRuns().filter(({ source }) => source.runId === event.payload.run.id) : []
    case 'workflow.run': return event.payload.run.state === 'stopping' ? open([workflows.getRun(event.payload.run.id)]) : []
    default: return []
  }
}

async function lookAt(ports: FollowWorkflowPorts, cancel: (id: string, traceId: string) => Promise<unknown>, { id, source }: StoredWorkflowRun, traceId: string): Promise<void> {
  const { store, events } = ports
  // The agent that waits for it was stopped.
  if (source.runId !== null && store.runs.get(source.runId)?.state === 'cancelled') return void await cancel(id, traceId)
  events.transact((emit) => moveOn(ports, emit, id, traceId))
  await stopRest(ports, id, traceId)
}
