import type { Plan, PlanState } from '#contract/plans'
import type { Page } from './page'

export interface StoredPlan extends Plan {
  /** The call that proposed it: the same when that is made again after a restart. */
  readonly callKey: string
}

export interface PlanStore {
  insert(plan: StoredPlan): void
  get(id: string): StoredPlan | null
  findByCall(runId: string, callKey: string): StoredPlan | null
  findByRequest(requestId: string): StoredPlan | null
  /** Newest first. */
  list(query: { readonly state?: PlanState | undefined; readonly sessionId?: string | undefined; readonly cursor?: string | undefined; readonly limit: number }): Page<StoredPlan>
  inState(state: PlanState): StoredPlan[]
  /** Throws AppError RESOURCE_NOT_FOUND. */
  patch(id: string, patch: Partial<Pick<StoredPlan, 'state' | 'title' | 'tasks' | 'stopOnFailure' | 'taskIds' | 'message' | 'revision' | 'decidedAt' | 'endedAt'>>): void
}
