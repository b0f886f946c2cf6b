import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, TimestampSchema } from './common'

/** What all agents together are doing. */
export const WorkSchema = z.object({
  /** Since when nothing new starts; null: agents work. It stays so over a restart. */
  pausedAt: TimestampSchema.nullable(),
  /** Since when everything is stopped and nothing new is taken, until it is lifted; over a restart too. */
  lockedAt: TimestampSchema.nullable(),
  /** Turns that work, those that wait for a person, those that wait for their place, and steps that wait for the end of the pause. */
  running: z.number().int(),
  waiting: z.number().int(),
  queued: z.number().int(),
  held: z.number().int(),
  /** Tasks in Ready; those that wait for others are among them. */
  ready: z.number().int(),
})
export type Work = z.infer<typeof WorkSchema>

export const NotificationSchema = z.object({
  id: IdSchema,
  kind: z.enum(['needs-you', 'finished', 'failed', 'alert']),
  /** Safe to show on a locked screen: never a command, a file, or what a model wrote. */
  title: z.string(),
  body: z.string(),
  /** Where a press leads; null: to the window. */
  sessionId: IdSchema.nullable(),
})
export type Notification = z.infer<typeof NotificationSchema>

const tags = ['work']

export const work = {
  get: oc.route({ method: 'GET', path: '/work', tags, summary: 'What all agents together are doing, and whether they are paused' }).input(EmptySchema).output(WorkSchema),
  pause: oc.route({ method: 'POST', path: '/work/pause', tags, summary: 'Let no new step start anywhere; steps at work are finished' }).input(EmptySchema).output(WorkSchema),
  resume: oc.route({ method: 'POST', path: '/work/resume', tags, summary: 'Let the agents go on' }).input(EmptySchema).output(WorkSchema),
  lockDown: oc.route({ method: 'POST', path: '/work/lock-down', tags, summary: 'Stop all agents and their commands at once, and take no new work until it is lifted' }).input(EmptySchema).output(WorkSchema),
  lift: oc.route({ method: 'POST', path: '/work/lift', tags, summary: 'Lift the lock-down: new work is taken again; what was stopped stays stopped' }).input(EmptySchema).output(WorkSchema),
}
