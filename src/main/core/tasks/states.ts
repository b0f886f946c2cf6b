import { mayAskFor, mayComeTo } from '#contract/task-states'
import type { TaskChange, TaskState } from '#contract/tasks'
import { AppError } from '../errors'

/** Who brings a change about. */
export type Actor = TaskChange['by']

const names: Readonly<Record<TaskState, string>> = {
  backlog: 'Backlog', scheduled: 'Scheduled', ready: 'Ready', running: 'Running', needs_you: 'Needs you', review: 'Review', done: 'Done', failed: 'Failed',
  missed: 'Missed', cancelled: 'Cancelled', dead_letter: 'Dead letter',
}

const atAnEnd: ReadonlySet<TaskState> = new Set(['done', 'failed', 'missed', 'cancelled', 'dead_letter'])

export function stateName(state: TaskState): string {
  return names[state]
}

/** Nothing more comes of it by itself. */
export function isAtEnd(state: TaskState): boolean {
  return atAnEnd.has(state)
}

/** By somebody, not by what the work itself comes to. */
export function isAsked(by: Actor): boolean {
  return by !== 'trestle' && by !== 'schedule'
}

export function mayFollow(from: TaskState, to: TaskState, by: Actor): boolean {
  return isAsked(by) ? mayAskFor(from, to) : mayComeTo(from, to)
}

/** Throws AppError CONFLICT for a person; for our own work it is a bug. */
export function assertMayFollow(from: TaskState, to: TaskState, by: Actor): void {
  if (mayFollow(from, to, by)) return
  if (!isAsked(by)) throw new Error(`a task cannot go from ${from} to ${to}`)
  throw new AppError('CONFLICT', `A task in ${names[from]} cannot go to ${names[to]}. Nothing was changed.`)
}
