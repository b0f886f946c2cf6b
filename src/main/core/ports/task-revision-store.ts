import type { TaskChange, TaskDetail } from '#contract/tasks'
import type { StoredTask } from './task-store'

export type SavedTask = StoredTask & Pick<TaskDetail, 'instruction' | 'context' | 'result'>

export interface TaskRevision {
  /** Rises over all tasks. */
  readonly number: number
  readonly taskId: string
  readonly by: TaskChange['by']
  /** As it was from then on; null: it was removed. */
  readonly task: SavedTask | null
}

/** What the tasks that a session made were like, change by change. It is written with each line of their history. */
export interface TaskRevisionStore {
  /** 0 when the session never made one. */
  newest(sessionId: string): number
  /** Oldest first. */
  changedSince(sessionId: string, revision: number): TaskRevision[]
  newestUpTo(taskId: string, revision: number): TaskRevision | null
  /** For as long as nobody brings it back. Its children stay. */
  remove(taskId: string): void
  /** A removed task as it was then, with its history, attempts and comments. Nothing happens when it is there. */
  bringBack(taskId: string): void
}
