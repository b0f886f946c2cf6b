import type { Task } from '#contract/tasks'
import type { ModelRegistry } from '../models/model-registry'
import type { JobQueue } from '../ports/job-queue'
import type { Folders } from '../ports/workspace-files'
import type { Settings } from '#contract/settings'
import type { AttemptPorts } from './attempt-records'
import { createAttempts } from './attempts'
import type { CheckBudget } from './budgets'
import type { DueTimes } from './due-times'
import { type Preflight, preflight } from './preflight'
import { createTaskActions, type TaskActions } from './task-actions'
import { createTaskService, type Origin, type TaskService } from './task-service'
import { createTaskWorker, type TaskWorker } from './task-worker'

export interface TaskPorts extends AttemptPorts {
  readonly jobs: JobQueue
  readonly models: Pick<ModelRegistry, 'resolve'>
  readonly folders: Pick<Folders, 'isAvailable'>
  readonly settings: () => Settings
  readonly isPaused: () => boolean
  readonly checkBudget: CheckBudget
  readonly dueTimes: DueTimes
  readonly newTraceId: () => string
}

export interface Tasks {
  readonly service: TaskService
  readonly actions: TaskActions
  readonly worker: TaskWorker
  /** Whether a task could work by itself, and what it would ask for. */
  readonly preflight: Look
}

type Look = (task: Pick<Task, 'workspaceId' | 'model' | 'mode'>) => Promise<Preflight>

export function createTasks(ports: TaskPorts): Tasks {
  const { events, clock } = ports
  const attempts = createAttempts(ports)
  const look: Look = (task) => preflight(ports, task)
  const service = createTaskService({ ...ports, stopAttempt: attempts.stop, preflight: look })
  const runSchedule = (id: string, { traceId }: Origin): Promise<Task> =>
    Promise.resolve(events.transact((emit) => service.createOccurrence(emit, id, clock.now(), 'Started by hand', traceId)))
  const actions = createTaskActions({ ...ports, attempts, stopAttempt: attempts.stop, preflight: look, runSchedule })
  const worker = createTaskWorker({ ...ports, attempts, preflight: look })
  return { service, actions, worker, preflight: look }
}

