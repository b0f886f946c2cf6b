import type { Usage } from '#contract/common'
import type { ErrorBody } from '#contract/errors'
import type { Run } from '#contract/runs'
import { AppError, errorBody } from '../errors'
import type { Emit, EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { StoredTaskRun } from '../ports/task-store'
import type { Clock, Logger, NewId, Random } from '../ports/system'
import type { RunManager } from '../sessions/run-manager'
import type { SessionService } from '../sessions/session-service'
import { tellTask } from './change-task'

export interface AttemptPorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
  readonly random: Random
  readonly logger: Logger
  readonly runs: Pick<RunManager, 'send' | 'resume' | 'cancel'>
  readonly sessions: Pick<SessionService, 'create'>
}

/** More runs than a person starts in the conversation of one attempt. */
const MAX_RUNS = 200
const none: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, totalTokens: 0, estimated: false }

export interface Spent {
  readonly usage: Usage
  readonly costUsd: number | null
}

/** The runs of an attempt: its own and those that a person added by sending something into its conversation. */
export function runsOf({ runs }: Pick<Store, 'runs'>, { sessionId, startedAt }: Pick<StoredTaskRun, 'sessionId' | 'startedAt'>): Run[] {
  return sessionId === null ? [] : runs.listBySession(sessionId, MAX_RUNS).filter(({ createdAt, joinedRunId }) => createdAt >= startedAt && joinedRunId === null)
}

/** With what the agents below it used. */
export function spentOn(store: Pick<Store, 'runs' | 'agents'>, attempt: StoredTaskRun): Spent {
  return runsOf(store, attempt).flatMap((run) => [run, store.agents.spentBelow(run.id)]).reduce<Spent>(added, { usage: none, costUsd: null })
}

export function added(left: Spent, right: Spent): Spent {
  return {
    usage: {
      inputTokens: left.usage.inputTokens + right.usage.inputTokens, outputTokens: left.usage.outputTokens + right.usage.outputTokens,
      cachedTokens: left.usage.cachedTokens + right.usage.cachedTokens, totalTokens: left.usage.totalTokens + right.usage.totalTokens,
      estimated: left.usage.estimated || right.usage.estimated,
    },
    costUsd: left.costUsd === null ? right.costUsd : left.costUsd + (right.costUsd ?? 0),
  }
}

/** What its agent used, and that it did something now; with the event. */
export function touch({ store, clock }: Pick<AttemptPorts, 'store' | 'clock'>, emit: Emit, attempt: StoredTaskRun, traceId: string): void {
  if (!store.tasks.get(attempt.taskId)) return
  // Nothing is known any more once the conversation was deleted: what was recorded stays.
  if (runsOf(store, attempt).length > 0) store.taskRuns.patch(attempt.id, spentOn(store, attempt))
  store.tasks.patch(attempt.taskId, { activityAt: clock.now(), ...store.taskRuns.spent(attempt.taskId) })
  tellTask(store, emit, attempt.taskId, traceId)
}

/** The time that its steps took, as their records tell it: the same after a crash. */
export function noteWorked(store: Pick<Store, 'runs' | 'steps' | 'taskRuns'>, attempt: StoredTaskRun): void {
  const steps = runsOf(store, attempt).flatMap(({ id }) => store.steps.listByRun(id))
  const workedMs = steps.reduce((sum, { startedAt, endedAt }) => sum + (endedAt === null ? 0 : Math.max(0, endedAt - startedAt)), 0)
  store.taskRuns.patch(attempt.id, { workedMs })
}

export function errorOf({ error }: Run): ErrorBody {
  return error ?? errorBody(new AppError('TASK_STOPPED', 'The run was stopped.'))
}
