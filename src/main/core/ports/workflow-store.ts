import type { Workflow, WorkflowBody, WorkflowRun, WorkflowRunState } from '#contract/workflows'
import type { Page } from './page'

export interface StoredWorkflow extends Workflow {
  readonly deletedAt: number | null
}

export interface StoredWorkflowRun extends WorkflowRun {
  /** As it was when it was started. */
  readonly definition: WorkflowBody
  /** Of the call that started it: the same when that is made again after a restart. */
  readonly callKey: string | null
}

export type WorkflowRunPatch = Partial<Pick<StoredWorkflowRun, 'state' | 'steps' | 'output' | 'error' | 'sessionId' | 'endedAt'>>

export interface WorkflowStore {
  insert(workflow: StoredWorkflow): void
  get(id: string): StoredWorkflow | null
  /** Those that are not removed, by name. */
  list(): StoredWorkflow[]
  count(): number
  /** Throws AppError RESOURCE_NOT_FOUND. */
  replace(workflow: StoredWorkflow): void
  insertRun(run: StoredWorkflowRun): void
  getRun(id: string): StoredWorkflowRun | null
  findRunByCall(runId: string, callKey: string): StoredWorkflowRun | null
  /** Newest first. */
  listRuns(query: { readonly workflowId?: string | undefined; readonly state?: WorkflowRunState | undefined; readonly cursor?: string | undefined; readonly limit: number }): Page<StoredWorkflowRun>
  /** Oldest first; those that have not ended. */
  openRuns(): StoredWorkflowRun[]
  /** The task does a step of the run. */
  addTask(runId: string, taskId: string): void
  findRunByTask(taskId: string): StoredWorkflowRun | null
  /** Throws AppError RESOURCE_NOT_FOUND. */
  patchRun(id: string, patch: WorkflowRunPatch): void
}
