import type { Priority } from '#contract/tasks'
import type { JobQueue } from '../ports/job-queue'
import type { StoredTask } from '../ports/task-store'

export const TASK_JOB = 'task'
/** As the time after which a task may start: before all others, whatever their priority. */
export const START_NEXT = 0
const NEXT_PRIORITY = 100
const OFFERED_AT_ONCE = 500
const priorities: Readonly<Record<Priority, number>> = { low: -10, normal: 0, high: 10, urgent: 20 }

export type Offer = (tasks: readonly StoredTask[]) => Promise<void>

/** Brings ready tasks into the queue. */
export interface Offers {
  /** A single one that is known already gets its priority and time. */
  readonly offer: Offer
  /** Something went wrong on the way. */
  doubt(): void
  /** Whether one may be ready that is not in the queue; said once. */
  isUnsure(): boolean
}

export function createOffers(jobs: JobQueue): Offers {
  let unsure = false
  return {
    offer: async (tasks) => {
      for (let start = 0; start < tasks.length; start += OFFERED_AT_ONCE) {
        const some = tasks.slice(start, start + OFFERED_AT_ONCE).map(jobOf)
        const outcomes = await jobs.enqueue(some)
        if (outcomes.includes('full')) unsure = true
        const [job] = some
        if (job && tasks.length === 1 && outcomes[0] === 'known') await jobs.change(job.key, { priority: job.priority, runAfter: job.runAfter })
      }
    },
    doubt: () => {
      unsure = true
    },
    isUnsure: () => {
      const was = unsure
      unsure = false
      return was
    },
  }
}

export function keyOf({ id, generation }: Pick<StoredTask, 'id' | 'generation'>): string {
  return `${id}:${generation}`
}

function jobOf(task: StoredTask) {
  return { key: keyOf(task), kind: TASK_JOB, payload: task.id, priority: task.startAfter === START_NEXT ? NEXT_PRIORITY : priorities[task.priority], runAfter: task.startAfter ?? 0, group: task.workspaceId }
}
