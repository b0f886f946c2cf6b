import type { Mode } from '#contract/common'
import type { Priority, Task, TaskKind, TaskState } from '#contract/tasks'
import { formatAge, formatTimeIn } from '../../lib/format'
import { ownZone } from '../../lib/zones'

export const stateWords: Readonly<Record<TaskState, string>> = {
  backlog: 'Backlog', scheduled: 'Scheduled', ready: 'Ready', running: 'Running', needs_you: 'Needs you', review: 'Review', done: 'Done',
  failed: 'Failed', missed: 'Missed', cancelled: 'Cancelled', dead_letter: 'Dead letter',
}

export const priorityWords: Readonly<Record<Priority, string>> = { low: 'Low', normal: 'Normal', high: 'High', urgent: 'Urgent' }
export const kindWords: Readonly<Record<TaskKind, string>> = { adhoc: 'Once', planned: 'At dates', scheduled: 'By a pattern' }
export const modeWords: Readonly<Record<Mode, string>> = { ask: 'Ask', 'auto-edit': 'Auto-edit', 'sandboxed-auto': 'Sandboxed auto', plan: 'Plan' }

/** States that nothing follows by itself. */
const ended: ReadonlySet<TaskState> = new Set(['done', 'failed', 'missed', 'cancelled', 'dead_letter'])
export function isEnded(state: TaskState): boolean {
  return ended.has(state)
}

/** Whether a run of it exists that stopping would end. */
export function isAtWork({ state, runId }: Pick<Task, 'state' | 'runId'>): boolean {
  return state === 'running' || (state === 'needs_you' && runId !== null)
}

/** When something was last seen of it. */
export function lastSeen(task: Pick<Task, 'activityAt' | 'endedAt' | 'updatedAt'>): number {
  return task.endedAt ?? task.activityAt ?? task.updatedAt
}

/** What a card says of its time: what is to come of a schedule, else what happened last. */
export function timeWords(task: Task, now: number): string {
  if (task.when.kind !== 'adhoc') return task.nextDueAt === null ? 'nothing more to come' : `next ${dueWords(task.nextDueAt, task.when.timeZone)}`
  const ago = agoWords(lastSeen(task), now)
  if (task.state === 'running') return `active ${ago}`
  return isEnded(task.state) ? `ended ${ago}` : `changed ${ago}`
}

/** How old it is; null where that is as long as nothing happened. */
export function ageWords(task: Task, now: number): string | null {
  const made = formatAge(task.createdAt, now)
  return task.when.kind === 'adhoc' && made === formatAge(lastSeen(task), now) ? null : `made ${agoWords(task.createdAt, now)}`
}

function agoWords(at: number, now: number): string {
  const age = formatAge(at, now)
  return age === 'now' ? 'just now' : /^\d+ /.test(age) ? `${age} ago` : age
}

/** A due time in its zone, which is named where it is not that of the reader. */
export function dueWords(at: number, timeZone: string): string {
  return `${formatTimeIn(at, timeZone)}${timeZone === ownZone() ? '' : ` ${timeZone}`}`
}

export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}
