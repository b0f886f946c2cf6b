import type { Task } from '#contract/tasks'
import type { AgentTemplates } from '../agents/templates'
import type { ModelRegistry } from '../models/model-registry'
import type { JobQueue } from '../ports/job-queue'
import type { Folders } from '../ports/workspace-files'
import type { Settings } from '#contract/settings'
import type { AttemptPorts } from './attempt-records'
import { createAttempts } from './attempts'
import type { CheckBudget } from './budgets'
import type { DueTimes } from './due-times'
import { type Look, preflight } from './preflight'
import { createTaskActions, type TaskActions } from './task-actions'
import { createTaskService, type Origin, type TaskService } from './task-service'
import { createTaskWorker, type TaskWorker } from './task-worker'

export interface TaskPorts extends AttemptPorts {
  readonly jobs: JobQueue
  readonly models: Pick<ModelRegistry, 'resolve'>
  readonly folders: Pick<Folders, 'isAvailable'>
  readonly settings: () => Settings
  readonly templates: AgentTemplates
  readonly isPaused: () => boolean
  readonly checkBudget: CheckBudget
  readonly waitForPlans: () => ReadonlySet<string>
  readonly dueTimes: DueTimes
  readonly newTraceId: () => string
  /** One more occurrence of a planned or scheduled task, now. */
  readonly runSchedule: (id: string, origin: Origin) => Task
}

export interface Tasks {
  readonly service: TaskService
  readonly actions: TaskActions
  readonly worker: TaskWorker
  /** Whether a task could work by itself, and what it would ask for. */
  readonly preflight: Look
}

export function createTasks(ports: TaskPorts): Tasks {
  const attempts = createAttempts(ports)
  const look: Look = (task) => preflight(ports, task)
  const service = createTaskService({ ...ports, stopAttempt: attempts.stop, preflight: look })
  const actions = createTaskActions({ ...ports, attempts, stopAttempt: attempts.stop, preflight: look, runSchedule: (id, origin) => Promise.resolve(ports.runSchedule(id, origin)) })
  const worker = createTaskWorker({ ...ports, attempts, preflight: look })
  return { service, actions, worker, preflight: look }
}

