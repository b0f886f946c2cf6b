import type { Occurrence } from '#contract/schedules'
import type { StoredOccurrence } from '../ports/schedule-store'
import type { Store } from '../ports/store'
import type { StoredTask } from '../ports/task-store'
import type { Clock } from '../ports/system'
import type { DueTimes, DueWhen } from '../tasks/due-times'
import { newestDue } from './due-times'

export interface Why {
  /** The due time that the question is about: that one, or the last before it. Null when it had none. */
  readonly dueAt: number | null
  readonly explanation: string
  readonly occurrence: Occurrence | null
}

const YEAR_MS = 366 * 24 * 3_600_000

/** Why a schedule did not run at a time, or that it did. */
export function why(
  { store, dueTimes, clock }: { readonly store: Pick<Store, 'schedules'>; readonly dueTimes: DueTimes; readonly clock: Clock },
  task: StoredTask & { readonly when: DueWhen }, at: number, presented: (row: StoredOccurrence) => Occurrence,
): Why {
  const row = store.schedules.find(task.id, at)
  if (row) return told(presented(row), at)
  const dueAt = newestDue(dueTimes, task.when, Math.max(0, at - YEAR_MS), at)
  if (dueAt === null) return { dueAt: null, explanation: 'It had no due time then.', occurrence: null }
  if (dueAt > clock.now()) return { dueAt, explanation: task.pausedReason === null ? 'This time is still to come.' : `This time is still to come, and the schedule is paused: ${task.pausedReason}`, occurrence: null }
  const near = store.schedules.find(task.id, dueAt)
  if (near) return told(presented(near), dueAt)
  if (dueAt < task.createdAt) return { dueAt, explanation: 'The schedule did not exist then.', occurrence: null }
  if (task.nextDueAt !== null && dueAt >= task.nextDueAt) return { dueAt, explanation: 'Its time has just come.', occurrence: null }
  return { dueAt, explanation: 'The schedule was not armed then, or it had other due times.', occurrence: null }
}

function told(occurrence: Occurrence, at: number): Why {
  const { explanation, state, number } = occurrence
  const alone = occurrence.lastDueAt === null
  const text = explanation ?? (state === 'done' ? 'It ran and succeeded.' : 'It ran.')
  const others = alone ? '' : number === null ? ' The same goes for many due times around it.' : ` The same goes for ${number} due times in a row.`
  return { dueAt: alone ? occurrence.dueAt : at, explanation: `${text}${others}`, occurrence }
}
