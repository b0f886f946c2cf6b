import type { Settings } from '#contract/settings'
import type { Task, TaskBudget } from '#contract/tasks'
import type { BudgetCheck } from '../agent/budget-check'
import { AppError } from '../errors'
import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'
import type { StoredTaskRun } from '../ports/task-store'
import { added, spentOn } from './attempt-records'

/** `workedMs`: how long the run has worked since it was started or resumed. */
export type CheckBudget = (runId: string, workedMs: number) => BudgetCheck

const unlimited: BudgetCheck = { exceeded: null, leftMs: null }
const keptDay = 'What was done so far is kept. Raise it in Settings to go on, or wait.'
const kept = 'What was done so far is kept. Raise the budget to go on.'

const DAY_MS = 24 * 60 * 60 * 1000

export interface BudgetPorts {
  readonly store: Pick<Store, 'tasks' | 'taskRuns' | 'runs' | 'agents' | 'sessions' | 'usage'>
  readonly clock: Pick<Clock, 'now'>
  readonly settings: () => Settings
}

/** Of a task, its money, tokens and minutes at work over all attempts; of its schedule, its folder and everything together, the money of the last 24 hours. */
export function createCheckBudget(ports: BudgetPorts): CheckBudget {
  const { store } = ports
  return (runId, workedMs) => {
    const attempt = attemptAbove(store, runId)
    const task = attempt && store.tasks.get(attempt.taskId)
    const ofTask = attempt && task ? taskBudget(ports, task, attempt, workedMs) : unlimited
    if (ofTask.exceeded) return ofTask
    const exceeded = (attempt && task ? scheduleProblem(ports, task, attempt) : null) ?? folderProblem(ports, runId) ?? dayProblem(ports)
    return exceeded ? { ...ofTask, exceeded } : ofTask
  }
}

/** Of the task that an agent works for, however far below it is. */
function attemptAbove({ taskRuns, runs, agents }: BudgetPorts['store'], runId: string): StoredTaskRun | null {
  let above: string | null = runId
  while (above !== null) {
    const attempt = taskRuns.findByRun(above)
    if (attempt) return attempt
    const run = runs.get(above)
    above = run ? (agents.get(run.sessionId)?.parentRunId ?? null) : null
  }
  return null
}

function taskBudget({ store }: BudgetPorts, task: Task, attempt: StoredTaskRun, workedMs: number): BudgetCheck {
  const { maxCostUsd, maxTokens, maxMinutes } = task.budget
  if (maxCostUsd === null && maxTokens === null && maxMinutes === null) return unlimited
  const earlier = store.taskRuns.spent(task.id, attempt.number)
  const { usage, costUsd } = added(earlier, spentOn(store, attempt))
  return withinBudget(task.budget, { costUsd: costUsd ?? 0, tokens: usage.totalTokens, workedMs: earlier.workedMs + attempt.workedMs + workedMs })
}

function scheduleProblem({ store, clock, settings }: BudgetPorts, { scheduleId }: Task, attempt: StoredTaskRun): AppError | null {
  const limit = settings().tasks.maxScheduleDayUsd
  if (limit === null || scheduleId === null) return null
  const spent = store.usage.costOfSchedule(scheduleId, clock.now() - DAY_MS, attempt.id) + (spentOn(store, attempt).costUsd ?? 0)
  return spent < limit ? null : refusal('NO_CREDITS', `The $${limit} that one schedule may cost in 24 hours are used up.`, 'schedule', keptDay)
}

function folderProblem({ store, clock, settings }: BudgetPorts, runId: string): AppError | null {
  const limit = settings().tasks.maxFolderDayUsd
  const run = limit === null ? null : store.runs.get(runId)
  const workspaceId = run && store.sessions.conditions(run.sessionId)?.workspaceId
  if (limit === null || typeof workspaceId !== 'string') return null
  const spent = store.usage.costOfWorkspace(workspaceId, clock.now() - DAY_MS)
  return spent < limit ? null : refusal('NO_CREDITS', `The $${limit} that one folder may cost in 24 hours are used up.`, 'folder', keptDay)
}

function dayProblem({ store, clock, settings }: BudgetPorts): AppError | null {
  const limit = settings().tasks.maxDayUsd
  if (limit === null || store.usage.cost(clock.now() - DAY_MS) < limit) return null
  return refusal('NO_CREDITS', `The $${limit} that everything together may cost in 24 hours are used up.`, 'day', keptDay)
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

function refusal(
  code: 'NO_CREDITS' | 'TOKEN_LIMIT_EXCEEDED' | 'TIME_LIMIT_EXCEEDED', message: string, budget: 'task' | 'schedule' | 'folder' | 'day' = 'task', advice = kept,
): AppError {
  return new AppError(code, `${message} ${advice}`, { data: { budget } })
}
