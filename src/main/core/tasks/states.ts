import type { TaskChange, TaskState } from '#contract/tasks'
import { AppError } from '../errors'

/** Who brings a change about. */
export type Actor = TaskChange['by']

/** `asked`: who asks for it, a person, a script or an agent. `work`: what the work itself comes to. */
type Side = 'asked' | 'work'

const both = 'asked work'

/** Which state may follow which, and by whom. What is not here cannot happen. */
const table: Readonly<Record<TaskState, Readonly<Partial<Record<TaskState, Side | typeof both>>>>> = {
  backlog: { ready: 'asked', scheduled: 'asked', done: 'asked', cancelled: 'asked' },
  scheduled: { backlog: 'asked', ready: 'asked', done: both, cancelled: 'asked' },
  ready: { running: 'work', needs_you: 'work', missed: 'work', failed: 'work', dead_letter: 'work', backlog: 'asked', scheduled: 'asked', done: 'asked', cancelled: both },
  running: { ready: 'work', needs_you: 'work', review: 'work', done: both, failed: 'work', dead_letter: 'work', backlog: 'asked', cancelled: both },
  needs_you: { running: 'work', ready: both, review: 'work', failed: 'work', dead_letter: 'work', missed: 'work', backlog: 'asked', scheduled: 'asked', done: both, cancelled: both },
  review: { done: 'asked', ready: 'asked', backlog: 'asked', cancelled: both },
  done: { backlog: 'asked', ready: 'asked', scheduled: 'asked' },
  failed: { backlog: 'asked', ready: 'asked', done: 'asked', cancelled: 'asked' },
  missed: { backlog: 'asked', ready: 'asked', done: 'asked', cancelled: 'asked' },
  cancelled: { backlog: 'asked', ready: 'asked', scheduled: 'asked' },
  dead_letter: { backlog: 'asked', ready: 'asked', done: 'asked', cancelled: 'asked' },
}

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
  const allowed = table[from][to]
  return allowed === both || allowed === (isAsked(by) ? 'asked' : 'work')
}

/** Throws AppError CONFLICT for a person; for our own work it is a bug. */
export function assertMayFollow(from: TaskState, to: TaskState, by: Actor): void {
  if (mayFollow(from, to, by)) return
  if (!isAsked(by)) throw new Error(`a task cannot go from ${from} to ${to}`)
  throw new AppError('CONFLICT', `A task in ${names[from]} cannot go to ${names[to]}. Nothing was changed.`)
}
