import { oc } from '@orpc/contract'
import { z } from 'zod'
import { MAX_ATTACHMENTS } from './attachments'
import { EmptySchema, IdSchema } from './common'
import { RunSchema } from './runs'
import { MessageTextSchema } from './sessions'

/** What comes after a prompt that failed. `retry`: the same again, as often as `retries` says, then it stops. */
export const FailurePolicySchema = z.enum(['stop', 'skip', 'retry'])
export type FailurePolicy = z.infer<typeof FailurePolicySchema>

/** The prompts that a session works through by itself once it is started, one after the other. Messages that a person sends go first. */
export const PromptQueueSchema = z.object({
  sessionId: IdSchema,
  state: z.enum(['stopped', 'started']),
  /** Why it stopped by itself, for people. */
  reason: z.string().nullable(),
  onFailure: FailurePolicySchema,
  retries: z.number().int().min(1).max(10),
  /** After a failure the conversation goes on from before that prompt; what was said stays on a branch of its own. */
  goBack: z.boolean(),
})
export type PromptQueue = z.infer<typeof PromptQueueSchema>

export const PromptPolicySchema = PromptQueueSchema.pick({ onFailure: true, retries: true, goBack: true }).partial()
export type PromptPolicy = z.infer<typeof PromptPolicySchema>

const ById = z.object({ id: IdSchema })
const tags = ['prompts']

export const prompts = {
  list: oc.route({ method: 'GET', path: '/sessions/{id}/prompt-queue', tags, summary: 'The prompt queue of a session and what waits in it, the next one first' })
    .input(ById).output(z.object({ queue: PromptQueueSchema, items: z.array(RunSchema) })),
  add: oc.route({ method: 'POST', path: '/sessions/{id}/prompt-queue', successStatus: 201, tags, summary: 'Put a prompt at the end; change it with PATCH /runs/{id}, the order with PUT /sessions/{id}/queue' })
    .input(ById.extend({ text: MessageTextSchema, attachments: z.array(IdSchema).max(MAX_ATTACHMENTS).optional() })).output(RunSchema),
  set: oc.route({ method: 'PATCH', path: '/sessions/{id}/prompt-queue', tags, summary: 'What comes after a prompt that failed' })
    .input(PromptPolicySchema.extend({ id: IdSchema })).output(PromptQueueSchema),
  start: oc.route({ method: 'POST', path: '/sessions/{id}/prompt-queue/start', tags, summary: 'Work through the prompts' }).input(ById).output(PromptQueueSchema),
  stop: oc.route({ method: 'POST', path: '/sessions/{id}/prompt-queue/stop', tags, summary: 'Start no more of them; the one at work goes on' }).input(ById).output(PromptQueueSchema),
  remove: oc.route({ method: 'DELETE', path: '/sessions/{id}/prompt-queue/{runId}', tags, summary: 'Take one that waits out' }).input(ById.extend({ runId: IdSchema })).output(EmptySchema),
  clear: oc.route({ method: 'DELETE', path: '/sessions/{id}/prompt-queue', tags, summary: 'Take all that wait out' }).input(ById).output(z.object({ removed: z.number().int() })),
}
