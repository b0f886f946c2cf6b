import { oc } from '@orpc/contract'
import { z } from 'zod'
import { CostSchema, EmptySchema, IdSchema, PageInputSchema, pageOf, TimestampSchema } from './common'

/** A name of the tz database: `Europe/Berlin`, `UTC`. */
export const TimeZoneSchema = z.string().min(1).max(64)

/**
 * What happens to due times that went by while nothing could start. `skip`: they are missed. `once`: the newest one runs, when it
 * is not older than the window. `all`: all of them, oldest first, at most `cap`. `ask`: a person decides.
 */
export const MisfirePolicySchema = z.discriminatedUnion('policy', [
  z.object({ policy: z.literal('skip') }),
  z.object({ policy: z.literal('once'), windowMinutes: z.number().int().min(1).max(60 * 24 * 31).default(24 * 60) }),
  z.object({ policy: z.literal('all'), cap: z.number().int().min(1).max(1_000).default(10) }),
  z.object({ policy: z.literal('ask') }),
]).default({ policy: 'once', windowMinutes: 24 * 60 })
export type MisfirePolicy = z.infer<typeof MisfirePolicySchema>

/** What happens when it is due while the one before still runs. `queue` keeps one waiting. */
export const OverlapPolicySchema = z.enum(['skip', 'queue', 'cancel', 'allow']).default('skip')
export type OverlapPolicy = z.infer<typeof OverlapPolicySchema>

/**
 * `claimed`: taken, its task is made in the same moment. What became of it follows from that task. `queued`: waits until the one
 * before has ended. `asked`: a person decides whether
 * it is made up for. `skipped` and `missed` say why in `reason`.
 */
export const OccurrenceStateSchema = z.enum(['claimed', 'queued', 'done', 'failed', 'cancelled', 'skipped', 'missed', 'asked'])
export const OccurrenceSchema = z.object({
  scheduleId: IdSchema,
  dueAt: TimestampSchema,
  state: OccurrenceStateSchema,
  taskId: IdSchema.nullable(),
  /** `app_closed`, `asleep`, `paused`, `overlap`, `window_passed`, `cap_reached`, `ended`, … */
  reason: z.string().nullable(),
  /** The same in words. */
  explanation: z.string().nullable(),
  claimedAt: TimestampSchema,
  startedAt: TimestampSchema.nullable(),
  endedAt: TimestampSchema.nullable(),
  costUsd: CostSchema,
  /** Of several due times that share a row, since nothing came of them: the last one. Null for one alone. */
  lastDueAt: TimestampSchema.nullable(),
  /** How many they are; null: too many to count. */
  number: z.number().int().nullable(),
})
export type Occurrence = z.infer<typeof OccurrenceSchema>

export const ScheduleSchema = z.object({
  /** The id of the planned or scheduled task. */
  id: IdSchema,
  title: z.string(),
  /** In words: "Every day at 02:30, Europe/Berlin". */
  text: z.string(),
  timeZone: z.string(),
  pausedReason: z.string().nullable(),
  /** The next ten. */
  next: z.array(TimestampSchema),
  /** Over all that came to an end. */
  runs: z.number().int(),
  succeeded: z.number().int(),
  meanMs: z.number().nullable(),
  costUsd: CostSchema,
  lastFailure: z.object({ dueAt: TimestampSchema, message: z.string() }).nullable(),
  missed: z.number().int(),
})
export type Schedule = z.infer<typeof ScheduleSchema>

const ById = z.object({ id: IdSchema })
const tags = ['schedules']

export const schedules = {
  list: oc.route({ method: 'GET', path: '/schedules', tags, summary: 'Planned and scheduled tasks: next runs, success, duration, cost' })
    .input(PageInputSchema).output(pageOf(ScheduleSchema)),
  get: oc.route({ method: 'GET', path: '/schedules/{id}', tags, summary: 'One of them' }).input(ById).output(ScheduleSchema),
  preview: oc.route({ method: 'POST', path: '/schedules/preview', tags, summary: 'A pattern in words and its next ten due times, or what is wrong with it' })
    .input(z.object({ cron: z.string().max(200), timeZone: TimeZoneSchema, startAt: TimestampSchema.nullable().optional(), endAt: TimestampSchema.nullable().optional() }))
    .output(z.object({ text: z.string(), next: z.array(TimestampSchema), error: z.string().nullable() })),
  occurrences: oc.route({ method: 'GET', path: '/schedules/{id}/occurrences', tags, summary: 'What became of its due times, newest first' })
    .input(ById.extend(PageInputSchema.shape)).output(pageOf(OccurrenceSchema)),
  upcoming: oc.route({ method: 'GET', path: '/occurrences', tags, summary: 'Due times to come, of all schedules, soonest first' })
    .input(z.object({ until: z.coerce.number().int().nonnegative().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }))
    .output(z.object({ items: z.array(z.object({ scheduleId: IdSchema, title: z.string(), workspaceId: IdSchema.nullable(), dueAt: TimestampSchema })) })),
  dueTimes: oc.route({ method: 'GET', path: '/schedules/{id}/due-times', tags, summary: 'Its due times of a span until now, with what became of each; and how many a backfill would start' })
    .input(ById.extend({ from: z.coerce.number().int().nonnegative(), to: z.coerce.number().int().nonnegative() }))
    .output(z.object({
      /** Oldest first, at most 1,000. `state` null: nothing is known of it. */
      items: z.array(z.object({ dueAt: TimestampSchema, state: OccurrenceStateSchema.nullable() })),
      /** There are more than a backfill takes. */
      isCut: z.boolean(),
      toRun: z.number().int(),
    })),
  why: oc.route({ method: 'GET', path: '/schedules/{id}/why', tags, summary: 'Why it did not run at that time, or that it did' })
    .input(ById.extend({ at: z.coerce.number().int().nonnegative() })).output(z.object({ dueAt: TimestampSchema.nullable(), explanation: z.string(), occurrence: OccurrenceSchema.nullable() })),
  pause: oc.route({ method: 'POST', path: '/schedules/{id}/pause', tags, summary: 'Let nothing of it become due' }).input(ById.extend({ reason: z.string().trim().max(200).optional() })).output(ScheduleSchema),
  resume: oc.route({ method: 'POST', path: '/schedules/{id}/resume', tags, summary: 'Go on; checks first what it needs' }).input(ById).output(ScheduleSchema),
  backfill: oc.route({ method: 'POST', path: '/schedules/{id}/backfill', successStatus: 202, tags, summary: 'Make up for the due times of a span that did not run' })
    .input(ById.extend({ from: TimestampSchema, to: TimestampSchema })).output(z.object({ created: z.number().int() })),
  decide: oc.route({ method: 'POST', path: '/schedules/{id}/decide', tags, summary: 'Answer for due times that went by: run them or leave them' })
    .input(ById.extend({ dueAts: z.array(TimestampSchema).min(1).max(1_000), run: z.boolean() })).output(EmptySchema),
}
