import type { ErrorBody } from '#contract/errors'
import type { Usage } from '#contract/common'
import type { Task, TaskChange, TaskComment, TaskDetail, TaskKind, TaskRun, TaskState, TaskView, Priority } from '#contract/tasks'
import type { Page } from './page'

/** What of a task is derived by the store. */
type Derived = 'blockedBy' | 'children' | 'order' | 'revision' | 'dependsOn'

export interface StoredTask extends Task {
  /** Its attempt may not start before; null: at once. */
  readonly startAfter: number | null
  /** How often it became ready. */
  readonly generation: number
  /** Attempts up to this one do not count any more: somebody wanted as many again. */
  readonly countFrom: number
}

/** It is put at the end of the board. */
export type NewTask = Omit<TaskDetail, Derived | 'result' | 'attempt' | 'sessionId' | 'runId' | 'usage' | 'costUsd' | 'error' | 'activityAt' | 'startedAt' | 'endedAt' | 'updatedAt'> &
  Pick<StoredTask, 'startAfter' | 'generation'>

type Patchable = Omit<TaskDetail, 'id' | 'blockedBy' | 'children' | 'source' | 'createdAt' | 'parentId' | 'scheduleId' | 'dueAt' | 'dependsOn'> & Pick<StoredTask, 'startAfter' | 'generation' | 'countFrom'>

/** What is undefined stays as it is. */
export type StoredTaskPatch = { readonly [Field in keyof Patchable]?: Patchable[Field] | undefined }

export interface TaskQuery {
  readonly state?: TaskState | undefined
  readonly kind?: TaskKind | undefined
  readonly workspaceId?: string | undefined
  readonly scheduleId?: string | undefined
  readonly parentId?: string | undefined
  readonly priority?: Priority | undefined
  readonly template?: string | undefined
  readonly tag?: string | undefined
  readonly text?: string | undefined
  readonly order: 'created' | 'board'
  readonly cursor?: string | undefined
  readonly limit: number
}

export type NewTaskRun = Pick<TaskRun, 'id' | 'taskId' | 'number' | 'sessionId' | 'runId' | 'startedAt'>
export interface StoredTaskRun extends TaskRun {
  /** Time that its earlier stretches worked, in ms: before a restart, before a person was asked. */
  readonly workedMs: number
}
export interface TaskRunPatch {
  readonly state?: TaskRun['state']
  readonly sessionId?: string | null
  readonly runId?: string | null
  readonly usage?: Usage
  readonly costUsd?: number | null
  readonly error?: ErrorBody | null
  readonly workedMs?: number
  readonly endedAt?: number | null
}

export interface TaskStore {
  insert(task: NewTask): void
  get(id: string): StoredTask | null
  detail(id: string): (StoredTask & Pick<TaskDetail, 'instruction' | 'context' | 'result'>) | null
  list(query: TaskQuery): Page<StoredTask>
  /** Throws AppError RESOURCE_NOT_FOUND. */
  patch(id: string, patch: StoredTaskPatch): void
  /** With its history, attempts, comments, dependencies and occurrences; not with its children or sessions. */
  remove(id: string): void
  /** In the order of the board. */
  idsInState(state: TaskState): string[]
  /** Ready ones whose deadline is over. */
  overdue(now: number): string[]
  /** Tasks that are not at an end. */
  countOpen(): number
  children(id: string): string[]
  /** What an agent made in a run, oldest first. */
  madeByRun(runId: string): StoredTask[]
  /** The tasks that wait for it. */
  dependants(id: string): string[]
  dependencies(id: string): string[]
  setDependencies(id: string, dependsOn: readonly string[]): void
  /** The places next to a place in a column; null where there is none. */
  orderAfter(state: TaskState, order: number): number | null
  firstOrder(state: TaskState): number | null
  addChange(id: string, change: TaskChange): void
  /** Newest first. */
  changes(id: string, query: { readonly cursor?: string | undefined; readonly limit: number }): Page<TaskChange>
  /** Atomic. The task that was made with this key since `notBefore`, or null: the key is taken for `taskId` now. */
  claimKey(claim: { readonly scope: string; readonly key: string; readonly body: string; readonly taskId: string; readonly at: number; readonly notBefore: number }): { readonly taskId: string; readonly sameBody: boolean } | null
}

export interface TaskRunStore {
  insert(run: NewTaskRun): void
  get(id: string): StoredTaskRun | null
  /** The newest attempt. */
  newest(taskId: string): StoredTaskRun | null
  findByRun(runId: string): StoredTaskRun | null
  findBySession(sessionId: string): StoredTaskRun | null
  patch(id: string, patch: TaskRunPatch): void
  /** Attempts without an end, of all tasks. */
  listOpen(): StoredTaskRun[]
  /** Newest first. */
  list(taskId: string, query: { readonly cursor?: string | undefined; readonly limit: number }): Page<StoredTaskRun>
  /** What the attempts at a task used, as last recorded; `before`: only those with a lower number. */
  spent(taskId: string, before?: number): { readonly usage: Usage; readonly costUsd: number | null; readonly workedMs: number }
}

export interface TaskNoteStore {
  addComment(comment: TaskComment): void
  /** Oldest first, the newest 1,000. */
  comments(taskId: string): TaskComment[]
  views(): TaskView[]
  /** Adds it or replaces the one with that id. */
  saveView(view: TaskView, at: number): void
  removeView(id: string): boolean
}
