import type { AppError } from '../errors'
import type { Store } from '../ports/store'
import type { BudgetCheck } from './budget-check'
import { exceededLimit, type Spent } from './limits'
import type { Turn } from './turn'

interface Ports {
  readonly store: Pick<Store, 'runs' | 'agents'>
  readonly workedMs: () => number
  readonly checkBudget: () => BudgetCheck
}

/** The limit of the run, or of what it belongs to, that is reached by now; null: none. Steps count from here on. */
export function createLimitCheck({ store, workedMs, checkBudget }: Ports, turn: Pick<Turn, 'run' | 'limits'>): () => AppError | null {
  const startedWith = store.runs.spent(turn.run.id)?.steps ?? 0
  return () => {
    const total = store.runs.spent(turn.run.id)
    if (!total) throw new Error(`run ${turn.run.id} is gone`)
    const limit = exceededLimit(turn.limits, { steps: total.steps - startedWith, elapsedMs: workedMs(), total: withChildren(store, turn.run.id, total) })
    return limit ?? checkBudget().exceeded
  }
}

/** What its agents used counts as its own. */
function withChildren({ agents }: Ports['store'], runId: string, own: Spent['total']): Spent['total'] {
  const below = agents.spentBelow(runId)
  if (below.usage.totalTokens === 0) return own
  return {
    usage: { ...own.usage, totalTokens: own.usage.totalTokens + below.usage.totalTokens },
    costUsd: own.costUsd === null && below.costUsd === null ? null : (own.costUsd ?? 0) + (below.costUsd ?? 0),
  }
}
