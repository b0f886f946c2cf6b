import { oc } from '@orpc/contract'
import { z } from 'zod'
import { IdSchema, pageOf, PageInputSchema, TimestampSchema } from './common'
import { DecisionSchema, GrantTermsSchema, ToolDetailsSchema } from './entries'
import { ErrorBodySchema } from './errors'
import { FlowSchema } from './flow'

/**
 * `approval`: may this exact call run? `question`: the agent asks (answer with `message`).
 * `plan`: shall these tasks be made? `once` makes them, `reject` with a message asks for changes.
 * `secrets`: what is about to be sent to a model has what looks like keys; `once` sends them, `reject` leaves them out, `always` leaves them
 * out here from now on.
 * `workflow`: shall a workflow go on? `once` lets it, `reject` ends it.
 * `unknown_outcome`: the app stopped while the call ran; `once` runs it again, `reject` leaves it.
 */
export const HumanRequestKindSchema = z.enum(['approval', 'question', 'unknown_outcome', 'plan', 'secrets', 'workflow'])
export type HumanRequestKind = z.infer<typeof HumanRequestKindSchema>

export const HumanRequestSchema = z.object({
  id: IdSchema,
  sessionId: IdSchema,
  runId: IdSchema,
  callId: z.string(),
  kind: HumanRequestKindSchema,
  /** Of a plan. */
  planId: IdSchema.optional(),
  /** Of a workflow. */
  workflowRunId: IdSchema.optional(),
  /** An agent that works for another one, and the conversation of the one at the top. */
  asker: z.object({ title: z.string(), template: z.string(), rootSessionId: IdSchema }).optional(),
  status: z.enum(['open', 'answered', 'cancelled']),
  toolName: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  /** What is asked, in one sentence. */
  title: z.string(),
  /** Why it is asked: the rule in plain words. */
  reason: z.string(),
  /** What the call would do: a diff, the command. */
  preview: ToolDetailsSchema.optional(),
  /** The run has read something untrusted and something private: what would go where. */
  flow: FlowSchema.optional(),
  /** The decisions this request takes. */
  decisions: z.array(DecisionSchema),
  /** Of a question: answers to pick from. */
  choices: z.array(z.string()),
  createdAt: TimestampSchema,
  answeredAt: TimestampSchema.nullable(),
  /** Nobody has answered in time since then. Nothing was decided: it goes on with the answer. */
  parkedAt: TimestampSchema.nullable(),
  answer: z.object({ decision: DecisionSchema, message: z.string().optional() }).nullable(),
})
export type HumanRequest = z.infer<typeof HumanRequestSchema>

export const AnswerSchema = z.object({
  decision: DecisionSchema,
  /** A word back to the agent, or the answer to its question. */
  message: z.string().trim().max(20_000).optional(),
  /** With `session` and `always`: what it covers. */
  grant: GrantTermsSchema.optional(),
})
export type Answer = z.infer<typeof AnswerSchema>

export const humanRequests = {
  list: oc.route({ method: 'GET', path: '/human-requests', tags: ['human-requests'], summary: 'What waits for a person, over all sessions' })
    .input(PageInputSchema.extend({ status: z.enum(['open', 'answered', 'cancelled']).optional(), sessionId: IdSchema.optional() }))
    .output(pageOf(HumanRequestSchema)),
  answer: oc.route({ method: 'POST', path: '/human-requests/{id}/answer', tags: ['human-requests'],
    summary: 'Answer once; the same answer again is accepted, a different one is a conflict' })
    .input(AnswerSchema.extend({ id: IdSchema })).output(HumanRequestSchema),
  answerMany: oc.route({ method: 'POST', path: '/human-requests/answers', tags: ['human-requests'],
    summary: 'Answer several; says of each what came of it' })
    .input(z.object({ answers: z.array(AnswerSchema.extend({ id: IdSchema })).min(1).max(500) }))
    .output(z.object({ items: z.array(z.object({ id: IdSchema, error: ErrorBodySchema.nullable() })) })),
}
