import { oc } from '@orpc/contract'
import { z } from 'zod'
import { CostSchema, IdSchema, UsageSchema } from './common'

const SumSchema = z.object({
  usage: UsageSchema,
  /** Of the calls whose price is known; null when none is. */
  costUsd: CostSchema,
  /** Model calls. */
  calls: z.number().int(),
  /** Calls of models without a known price. */
  unpriced: z.number().int(),
})
export type UsageSum = z.infer<typeof SumSchema>

export const UsageReportSchema = z.object({
  /** One for each of the asked days, oldest first; `day` as YYYY-MM-DD in the time zone that was asked for. */
  days: z.array(SumSchema.extend({ day: z.string() })),
  /** Most expensive first. */
  models: z.array(SumSchema.extend({ model: z.string() })),
  /** The 100 that cost most; sessions that were deleted are not counted anywhere. */
  sessions: z.array(SumSchema.extend({ sessionId: IdSchema, title: z.string() })),
  /** By kind of agent, the name of its template, most expensive first; null: what people asked for themselves. */
  agents: z.array(SumSchema.extend({ agent: z.string().nullable() })),
  total: SumSchema,
})
export type UsageReport = z.infer<typeof UsageReportSchema>

export const MAX_USAGE_DAYS = 366

export const usage = {
  get: oc.route({ method: 'GET', path: '/usage', tags: ['usage'], summary: 'Tokens and cost of the last days, by day, model, session and kind of agent' })
    .input(z.object({
      days: z.coerce.number().int().min(1).max(MAX_USAGE_DAYS).default(30),
      /** An IANA name such as Europe/Berlin: where a day begins. */
      timeZone: z.string().max(64).default('UTC'),
      sessionId: IdSchema.optional(),
    }))
    .output(UsageReportSchema),
}
