import { oc } from '@orpc/contract'
import { z } from 'zod'
import { IdSchema, ModeSchema, PageInputSchema, pageOf, TimestampSchema } from './common'
import { TaskBudgetSchema } from './tasks'

const KeySchema = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'Letters, digits, dashes and underscores, 40 at most')

/** A task that is proposed. `key` names it inside the plan. */
export const PlanTaskSchema = z.object({
  key: KeySchema,
  title: z.string().trim().min(1).max(200),
  instruction: z.string().trim().min(1).max(50_000),
  /** Keys of those that must be done before. A circle is refused. */
  dependsOn: z.array(KeySchema).max(50).default([]),
  template: z.string().min(1).max(80).default('general'),
  /** Null: as the agent that proposes it. Never more. */
  mode: ModeSchema.nullable().default(null),
  budget: TaskBudgetSchema.default({ maxCostUsd: null, maxTokens: null, maxMinutes: null }),
})
export type PlanTask = z.infer<typeof PlanTaskSchema>

/** `changes`: the person wants it otherwise. `withdrawn`: its agent was stopped before anybody decided. */
export const PlanStateSchema = z.enum(['proposed', 'approved', 'changes', 'withdrawn', 'ended'])
export type PlanState = z.infer<typeof PlanStateSchema>

export const PlanSchema = z.object({
  id: IdSchema,
  sessionId: IdSchema,
  runId: IdSchema,
  /** What waits in the inbox for the decision. */
  requestId: IdSchema,
  state: PlanStateSchema,
  title: z.string(),
  tasks: z.array(PlanTaskSchema),
  /** Whether the first task that ends without success ends the others. */
  stopOnFailure: z.boolean(),
  /** By key, once it is approved. */
  taskIds: z.record(z.string(), IdSchema),
  /** What the person said of it. */
  message: z.string().nullable(),
  revision: z.number().int(),
  createdAt: TimestampSchema,
  decidedAt: TimestampSchema.nullable(),
  endedAt: TimestampSchema.nullable(),
})
export type Plan = z.infer<typeof PlanSchema>

export const PlanHeadSchema = PlanSchema.omit({ tasks: true })

export const PlanBodySchema = z.object({
  title: z.string().trim().min(1).max(200),
  tasks: z.array(PlanTaskSchema).min(1).max(100),
  stopOnFailure: z.boolean().default(false),
})
export type PlanBody = z.infer<typeof PlanBodySchema>

const ById = z.object({ id: IdSchema })
const tags = ['plans']

export const plans = {
  list: oc.route({ method: 'GET', path: '/plans', tags, summary: 'What agents proposed, newest first' })
    .input(PageInputSchema.extend({ state: PlanStateSchema.optional(), sessionId: IdSchema.optional() })).output(pageOf(PlanSchema)),
  get: oc.route({ method: 'GET', path: '/plans/{id}', tags }).input(ById).output(PlanSchema),
  patch: oc.route({ method: 'PATCH', path: '/plans/{id}', tags, summary: 'Change a plan that waits for a decision; with `revision`, only if nobody else did meanwhile' })
    .input(ById.extend({
      revision: z.number().int().optional(), title: PlanBodySchema.shape.title.optional(), tasks: PlanBodySchema.shape.tasks.optional(), stopOnFailure: z.boolean().optional(),
    })).output(PlanSchema),
  approve: oc.route({ method: 'POST', path: '/plans/{id}/approve', tags, summary: 'Make its tasks, all or none; the agent goes on when they have ended' })
    .input(ById.extend({ revision: z.number().int().optional() })).output(PlanSchema),
  changes: oc.route({ method: 'POST', path: '/plans/{id}/changes', tags, summary: 'Send it back to the agent with words' })
    .input(ById.extend({ message: z.string().trim().min(1).max(20_000) })).output(PlanSchema),
}
