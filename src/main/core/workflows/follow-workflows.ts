import type { EventEnvelope } from '#contract/events'
import type { StoredWorkflowRun } from '../ports/workflow-store'
import type { Logger } from '../ports/system'
import { moveOn, type MovePorts, stopRest } from './move-on'

export interface FollowWorkflowPorts extends MovePorts {
  readonly logger: Logger
  readonly newTraceId: () => string
}

const topics = ['task.update', 'task.removed', 'run.update', 'human.request', 'session.removed', 'workflow.run'] as const

/** Moves workflows on with what their tasks and approvals came to: now for what ended before, then as it happens. The result stops it. */
export function followWorkflows(ports: FollowWorkflowPorts, cancel: (id: string, traceId: string) => Promise<unknown>): () => void {
  const { store, events, logger, newTraceId } = ports
  const stop = new AbortController()
  const guarded = async (run: StoredWorkflowRun, traceId: string) => {
    try {
      await lookAt(ports, cancel, run, traceId)
    } catch (error) {
      if (!stop.signal.aborted) logger.error('workflow.not_followed', { runId: run.id, error })
    }
  }
  void (async () => {
    for await (const message of events.subscribe({ topics: [...topics] }, stop.signal)) {
      const isStart = message.topic === 'stream.open'
      for (const run of store.workflows.openRuns()) if (isStart || concerns(message, run)) await guarded(run, isStart ? newTraceId() : message.traceId)
    }
  })()
  return () => stop.abort()
}

function concerns(event: EventEnvelope, { id, source, sessionId, steps }: StoredWorkflowRun): boolean {
  const isOfRun = (taskId: string) => steps.some((step) => step.taskId === taskId)
  switch (event.topic) {
    case 'task.update': return isOfRun(event.payload.task.id)
    case 'task.removed': return event.payload.taskIds.some(isOfRun)
    case 'human.request': return event.payload.request.workflowRunId === id
    case 'session.removed': return event.payload.sessionId === sessionId
    case 'run.update': return event.payload.run.id === source.runId
    case 'workflow.run': return event.payload.run.id === id && event.payload.run.state === 'stopping'
    default: return false
  }
}

async function lookAt(ports: FollowWorkflowPorts, cancel: (id: string, traceId: string) => Promise<unknown>, { id, source }: StoredWorkflowRun, traceId: string): Promise<void> {
  const { store, events } = ports
  // The agent that waits for it was stopped.
  if (source.runId !== null && store.runs.get(source.runId)?.state === 'cancelled') return void await cancel(id, traceId)
  events.transact((emit) => moveOn(ports, emit, id, traceId))
  await stopRest(ports, id, traceId)
}
