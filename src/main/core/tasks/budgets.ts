import type { TaskBudget } from '#contract/tasks'
import type { BudgetCheck } from '../agent/budget-check'
import { AppError } from '../errors'
import type { Store } from '../ports/store'
import { added, spentOn } from './attempt-records'

/** `workedMs`: how long the run has worked since it was started or resumed. */
export type CheckBudget = (runId: string, workedMs: number) => BudgetCheck

const unlimited: BudgetCheck = { exceeded: null, leftMs: null }
const kept = 'What was done so far is kept. Raise the budget to go on.'

/** Money and tokens count over all attempts, and so do minutes at work. */
export function createCheckBudget(store: Pick<Store, 'tasks' | 'taskRuns' | 'runs'>): CheckBudget {
  return (runId, workedMs) => {
    const attempt = store.taskRuns.findByRun(runId)
    const task = attempt && store.tasks.get(attempt.taskId)
    if (!task) return unlimited
    const { maxCostUsd, maxTokens, maxMinutes } = task.budget
    if (maxCostUsd === null && maxTokens === null && maxMinutes === null) return unlimited
    const earlier = store.taskRuns.spent(task.id, attempt.number)
    const { usage, costUsd } = added(earlier, spentOn(store, attempt))
    return withinBudget(task.budget, { costUsd: costUsd ?? 0, tokens: usage.totalTokens, workedMs: earlier.workedMs + attempt.workedMs + workedMs })
  }
}

export interface TaskSpent {
  readonly costUsd: number
  readonly tokens: number
  readonly workedMs: number
}

export function withinBudget({ maxCostUsd, maxTokens, maxMinutes }: TaskBudget, spent: TaskSpent): BudgetCheck {
  const leftMs = maxMinutes === null ? null : Math.max(0, maxMinutes * 60_000 - spent.workedMs)
  return { exceeded: exceeded(), leftMs }

  function exceeded(): AppError | null {
    if (maxCostUsd !== null && spent.costUsd >= maxCostUsd) return refusal('NO_CREDITS', `The budget of $${maxCostUsd} of this task is used up.`)
    if (maxTokens !== null && spent.tokens >= maxTokens) return refusal('TOKEN_LIMIT_EXCEEDED', `The budget of ${maxTokens} tokens of this task is used up.`)
    if (leftMs === 0) return refusal('TIME_LIMIT_EXCEEDED', `The ${maxMinutes} minutes of this task are used up.`)
    return null
  }
}

function refusal(code: 'NO_CREDITS' | 'TOKEN_LIMIT_EXCEEDED' | 'TIME_LIMIT_EXCEEDED', message: string): AppError {
  return new AppError(code, `${message} ${kept}`, { data: { budget: 'task' } })
}
