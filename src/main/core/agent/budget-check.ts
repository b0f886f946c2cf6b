import type { AppError } from '../errors'

/** What of a budget is left for a run, looked at before each model call. */
export interface BudgetCheck {
  /** Why no further call may be made; null: it may. */
  readonly exceeded: AppError | null
  /** Time at work that is left, in ms; null: no limit. */
  readonly leftMs: number | null
}
