import { oc } from '@orpc/contract'
import { z } from 'zod'
import { AgentLevelSchema } from './agent-origin'
import { AgentTemplateSchema } from './agent-templates'
import { CostSchema, EmptySchema, IdSchema, TimestampSchema, UsageSchema } from './common'
import { ExecuteInputSchema, ExecuteResultSchema, RunStateSchema } from './runs'

export const AgentNodeSchema = z.object({
  /** Of its run; of its task while that has none. */
  id: IdSchema,
  /** The node above; null for the one that was asked for. */
  parentId: IdSchema.nullable(),
  level: AgentLevelSchema,
  runId: IdSchema.nullable(),
  sessionId: IdSchema.nullable(),
  taskId: IdSchema.nullable(),
  /** The call of the parent that started it. */
  callId: z.string().nullable(),
  template: z.string(),
  title: z.string(),
  /** A task that was not started yet is queued. */
  state: RunStateSchema,
  /** What it does now: the name of a model or a tool. */
  step: z.object({ kind: z.enum(['model', 'tool']), name: z.string(), startedAt: TimestampSchema }).nullable(),
  steps: z.number().int(),
  /** What it asks people now. */
  openRequests: z.number().int(),
  usage: UsageSchema,
  costUsd: CostSchema,
  handedOver: z.boolean(),
  /** Why it is so: an error, what a task waits for. */
  reason: z.string().nullable(),
  startedAt: TimestampSchema.nullable(),
  endedAt: TimestampSchema.nullable(),
})
export type AgentNode = z.infer<typeof AgentNodeSchema>

/** One agent: `name` is its kind and its conversation. */
export const AgentSchema = AgentNodeSchema.extend({ name: z.string() })
export type Agent = z.infer<typeof AgentSchema>

/** Of an agent that another one, a plan or a schedule started. `busy`: it works; `idle`: it waits; `retired`: it is done or was stopped. */
export const AgentLifecycleSchema = z.object({
  event: z.enum(['spawned', 'busy', 'idle', 'failed', 'retired']),
  /** Its kind and its conversation. */
  agentId: z.string(),
  agentType: z.string(),
  /** The conversation of the agent that started it. */
  parentId: IdSchema.nullable(),
})
export type AgentLifecycle = z.infer<typeof AgentLifecycleSchema>

/** Parents before their children, children in the order of their start. At most 500. */
export const AgentTreeSchema = z.object({ items: z.array(AgentNodeSchema) })
export type AgentTree = z.infer<typeof AgentTreeSchema>

const ById = z.object({ id: IdSchema })
export const TemplateListSchema = z.object({ items: z.array(AgentTemplateSchema.extend({ builtIn: z.boolean() })) })

export const agents = {
  execute: oc
    .route({ method: 'POST', path: '/agents/execute', tags: ['agents'], outputStructure: 'detailed',
      summary: 'Run one instruction: 200 with the answer, or 202 with the run when it takes longer than timeoutMs' })
    .input(ExecuteInputSchema)
    .output(z.union([
      z.object({ status: z.literal(200), body: ExecuteResultSchema }),
      z.object({ status: z.literal(202), body: z.object({ runId: IdSchema, sessionId: IdSchema }) }),
    ])),
  templates: oc.route({ method: 'GET', path: '/agents/templates', tags: ['agents'], summary: 'The kinds of agents: the built-in ones and your own' })
    .input(EmptySchema).output(TemplateListSchema),
  list: oc.route({ method: 'GET', path: '/agents', tags: ['agents'], summary: 'The agents that work, wait or were interrupted now, over all sessions, oldest first' })
    .input(EmptySchema).output(z.object({ success: z.literal(true), data: z.array(AgentSchema), count: z.number().int() })),
  get: oc.route({ method: 'GET', path: '/agents/{id}', tags: ['agents'], summary: 'One agent, by the id of its run' }).input(ById).output(AgentSchema),
  tree: oc.route({ method: 'GET', path: '/runs/{id}/tree', tags: ['agents'], summary: 'A run with the agents that it started, and theirs' })
    .input(ById).output(AgentTreeSchema),
}
