import type { Workflow, WorkflowRun } from '#contract/workflows'
import { notFound } from '../errors'
import type { Emit } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { StoredWorkflow, StoredWorkflowRun } from '../ports/workflow-store'

export function presentRun({ definition: _definition, callKey: _callKey, ...run }: StoredWorkflowRun): WorkflowRun {
  return run
}

export function presentWorkflow({ deletedAt: _deletedAt, ...workflow }: StoredWorkflow): Workflow {
  return workflow
}

/** Inside a transaction. */
export function tellRun(store: Pick<Store, 'workflows'>, emit: Emit, id: string, traceId: string): WorkflowRun {
  const stored = store.workflows.getRun(id)
  if (!stored) throw notFound('Workflow run', id)
  const run = presentRun(stored)
  const { values: _values, output: _output, steps: _steps, ...head } = run
  emit({ topic: 'workflow.run', payload: { run: head } }, { sessionId: run.sessionId, runId: null, traceId })
  return run
}
