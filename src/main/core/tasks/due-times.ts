import type { PlannedWhenSchema, ScheduledWhenSchema } from '#contract/tasks'
import type { z } from 'zod'

export type DueWhen = z.infer<typeof PlannedWhenSchema> | z.infer<typeof ScheduledWhenSchema>

/** What tasks need to know of due times. */
export interface DueTimes {
  /** The first due time after `after`; null when there is none any more. AppError INVALID_PARAMETERS for what makes no sense. */
  next(when: DueWhen, after: number): number | null
}
