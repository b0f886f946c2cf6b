import { oc } from '@orpc/contract'
import { z } from 'zod'
import { AttachmentSchema, MAX_ATTACHMENTS } from './attachments'
import { CostSchema, IdSchema, ModelIdSchema, ModeSchema, TimestampSchema, UsageSchema } from './common'
import { ErrorBodySchema } from './errors'
import { MessageTextSchema } from './sessions'

/**
 * queued → running ⇄ waiting → completed | failed | cancelled.
 * `interrupted`: the app stopped while it ran; `resume` takes it up again at the step it had reached.
 */
export const RunStateSchema = z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'interrupted'])
export type RunState = z.infer<typeof RunStateSchema>

/** A step is `intended` from the moment its intent is on disk. `unknown`: the app stopped between intent and result. */
export const StepStateSchema = z.enum(['intended', 'completed', 'failed', 'cancelled', 'interrupted', 'unknown'])
export type StepState = z.infer<typeof StepStateSchema>

export const StepSchema = z.object({
  id: IdSchema,
  runId: IdSchema,
  sessionId: IdSchema,
  /** 1 for the first step of the run. */
  number: z.number().int(),
  kind: z.enum(['model', 'tool']),
  state: StepStateSchema,
  /** Model id of a model step, tool name of a tool step. */
  name: z.string(),
  /** `summary` for the model call that shortens the context, `learning` for the one that looks, after the run, for what is worth remembering,
   * `sampling` for one that an MCP server asked for. */
  purpose: z.enum(['turn', 'summary', 'learning', 'sampling']),
  /** Of a tool step: the call it answers. */
  callId: z.string().nullable(),
  /** Of a tool step, when a single run is asked for. */
  arguments: z.record(z.string(), z.unknown()).optional(),
  /** The entry that holds the result. */
  entryId: IdSchema.nullable(),
  startedAt: TimestampSchema,
  endedAt: TimestampSchema.nullable(),
  /** Text of a reply that was cut off when the app stopped. */
  partialText: z.string().nullable(),
  usage: UsageSchema.nullable(),
  costUsd: CostSchema,
  error: ErrorBodySchema.nullable(),
})
export type Step = z.infer<typeof StepSchema>

export const RunSchema = z.object({
  id: IdSchema,
  sessionId: IdSchema,
  headId: IdSchema,
  state: RunStateSchema,
  /** What the person asked. Can be changed while the run is queued. */
  text: z.string(),
  attachments: z.array(AttachmentSchema),
  /** Its place among those that wait: lower ones come first. */
  order: z.number(),
  /** Of the prompt queue: which try at its prompt this is, from 1. Null: an ordinary message. */
  promptTry: z.number().int().nullable(),
  /** Waits for the turn that works now, and reaches it between two of its steps. */
  joins: z.boolean(),
  /** The turn that it reached: what came of it is there, and this run has no steps of its own. */
  joinedRunId: IdSchema.nullable(),
  /** The user message in the journal, once the run has started. */
  entryId: IdSchema.nullable(),
  model: z.string().nullable(),
  mode: ModeSchema,
  steps: z.number().int(),
  usage: UsageSchema,
  costUsd: CostSchema,
  error: ErrorBodySchema.nullable(),
  createdAt: TimestampSchema,
  startedAt: TimestampSchema.nullable(),
  endedAt: TimestampSchema.nullable(),
})
export type Run = z.infer<typeof RunSchema>

export const RunDetailSchema = RunSchema.omit({ steps: true }).extend({ steps: z.array(StepSchema) })
export type RunDetail = z.infer<typeof RunDetailSchema>

export const ExecuteInputSchema = z.object({
  instruction: MessageTextSchema,
  sessionId: IdSchema.optional(),
  /** Of that session. */
  attachments: z.array(IdSchema).max(MAX_ATTACHMENTS).optional(),
  workspaceId: IdSchema.optional(),
  model: ModelIdSchema.optional(),
  mode: ModeSchema.optional(),
  /** How long the request waits for the run, in ms. The run itself goes on. */
  timeoutMs: z.number().int().min(0).max(600_000).default(60_000),
})
export const ExecuteResultSchema = z.object({
  text: z.string(),
  runId: IdSchema,
  sessionId: IdSchema,
  usage: UsageSchema,
})

const ById = z.object({ id: IdSchema })

export const runs = {
  get: oc.route({ method: 'GET', path: '/runs/{id}', tags: ['runs'], summary: 'A run with its steps' }).input(ById).output(RunDetailSchema),
  list: oc.route({ method: 'GET', path: '/sessions/{id}/runs', tags: ['runs'], summary: 'Runs of a session that are not finished, or its newest' })
    .input(ById.extend({ limit: z.coerce.number().int().min(1).max(200).default(50) }))
    .output(z.object({ items: z.array(RunSchema) })),
  cancel: oc.route({ method: 'POST', path: '/runs/{id}/cancel', tags: ['runs'], summary: 'Stop a run; finished steps are kept' }).input(ById).output(RunSchema),
  resume: oc.route({ method: 'POST', path: '/runs/{id}/resume', successStatus: 202, tags: ['runs'],
    summary: 'Continue an interrupted, failed or cancelled run after its last finished step' }).input(ById).output(RunSchema),
  retry: oc.route({ method: 'POST', path: '/runs/{id}/retry', successStatus: 202, tags: ['runs'],
    summary: 'Ask the same again on a new branch; the old answer stays reachable' }).input(ById).output(z.object({ runId: IdSchema })),
  edit: oc.route({ method: 'PATCH', path: '/runs/{id}', tags: ['runs'], summary: 'Change a queued message' })
    .input(ById.extend({ text: MessageTextSchema, attachments: z.array(IdSchema).max(MAX_ATTACHMENTS).optional() })).output(RunSchema),
  steer: oc.route({ method: 'POST', path: '/runs/{id}/steer', tags: ['runs'],
    summary: 'Let a queued message reach the turn that works now, between two of its steps; where none works it starts one' })
    .input(ById).output(RunSchema),
  reorder: oc.route({ method: 'PUT', path: '/sessions/{id}/queue', tags: ['runs'], summary: 'Change the order of the messages that wait: all their runs, the next one first' })
    .input(ById.extend({ runIds: z.array(IdSchema).min(1).max(200) })).output(z.object({ items: z.array(RunSchema) })),
}
