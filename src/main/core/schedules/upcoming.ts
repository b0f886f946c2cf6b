import type { Store } from '../ports/store'
import type { DueTimes, DueWhen } from '../tasks/due-times'

export interface Upcoming {
  readonly scheduleId: string
  readonly title: string
  readonly workspaceId: string | null
  readonly dueAt: number
}

/** Due times to come of all schedules that are not paused, soonest first. */
export function createUpcoming({ store, dueTimes }: { readonly store: Pick<Store, 'schedules' | 'tasks'>; readonly dueTimes: DueTimes }) {
  return (until: number | undefined, limit: number): Upcoming[] => {
    // Later ones than the first `limit` schedules cannot be among the first `limit` due times; paused ones are passed over.
    const heads = store.schedules.listArmed(limit * 2).flatMap((id) => {
      const task = store.tasks.get(id)
      if (!task || task.nextDueAt === null || task.when.kind === 'adhoc' || task.pausedReason !== null) return []
      return [{ task, when: task.when satisfies DueWhen, dueAt: task.nextDueAt }]
    })
    const found: Upcoming[] = []
    while (found.length < limit && heads.length > 0) {
      const soonest = heads.reduce((best, head) => (head.dueAt < best.dueAt ? head : best))
      if (until !== undefined && soonest.dueAt > until) break
      const { task, when, dueAt } = soonest
      found.push({ scheduleId: task.id, title: task.title, workspaceId: task.workspaceId, dueAt })
      const next = dueTimes.next(when, dueAt)
      if (next === null) heads.splice(heads.indexOf(soonest), 1)
      else soonest.dueAt = next
    }
    return found
  }
}
