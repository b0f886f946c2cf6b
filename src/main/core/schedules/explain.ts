import type { Occurrence } from '#contract/schedules'
import type { StoredOccurrence } from '../ports/schedule-store'
import type { StoredTask } from '../ports/task-store'
import { stateName } from '../tasks/states'

const reasons: Readonly<Record<string, string>> = {
  app_closed: 'Trestle was not running then.',
  asleep: 'The computer was asleep then, or its clock was set.',
  clock_changed: 'The clock of the computer was set then.',
  paused: 'The schedule was paused then.',
  overlap: 'The one before was still at work then.',
  window_passed: 'Trestle could not start it then, and came back later than the schedule makes up for.',
  cap_reached: 'More were missed than the schedule makes up for.',
  too_many: 'Too many were missed to ask about each.',
  declined: 'You decided not to make up for it.',
}

/** As it is told: what became of a claimed one follows from its task. */
export function presentOccurrence(stored: StoredOccurrence, task: StoredTask | null): Occurrence {
  const { scheduleId, dueAt, taskId, reason, claimedAt } = stored
  return {
    scheduleId, dueAt, taskId, reason, claimedAt, state: stateOf(stored, task), explanation: explanationOf(stored, task), lastDueAt: stored.lastDueAt, number: stored.number,
    startedAt: task?.startedAt ?? null, endedAt: task?.endedAt ?? null, costUsd: task?.costUsd ?? null,
  }
}

function stateOf({ state }: StoredOccurrence, task: StoredTask | null): Occurrence['state'] {
  if (state !== 'claimed') return state
  switch (task?.state) {
    case 'done':
    case 'review': return 'done'
    case 'failed':
    case 'dead_letter':
    case 'missed': return 'failed'
    case 'cancelled':
    case undefined: return 'cancelled'
    case 'backlog':
    case 'scheduled':
    case 'ready':
    case 'running':
    case 'needs_you': return 'claimed'
  }
}

function explanationOf({ state, reason }: StoredOccurrence, task: StoredTask | null): string | null {
  if (state === 'queued') return 'Waits until the one before has ended.'
  if (state === 'asked') return `${reasonText(reason)} Decide whether it is made up for.`
  if (state !== 'claimed') return reasonText(reason)
  if (!task) return 'It was started; its task was removed since.'
  if (task.state === 'done') return null
  return task.reason ?? task.error?.message ?? `Its task is in ${stateName(task.state)}.`
}

function reasonText(reason: string | null): string {
  return (reason === null ? undefined : reasons[reason]) ?? 'It did not run.'
}
