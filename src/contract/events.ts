import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { AgentLifecycleSchema } from './agents'
import { BehaviorProfileSchema } from './behavior'
import { BranchSchema, CheckpointSchema } from './checkpoints'
import { IdSchema, TimestampSchema } from './common'
import { EntrySchema } from './entries'
import { HumanRequestSchema } from './human-requests'
import { MemoryItemSchema, VectorStateSchema } from './memory'
import { PlanHeadSchema } from './plans'
import { PromptQueueSchema } from './prompts'
import { RunSchema, StepSchema } from './runs'
import { SessionSchema } from './sessions'
import { SettingsFileSchema, SettingsSchema } from './settings'
import { StorageJobSchema } from './storage'
import { TaskSchema } from './tasks'
import { NotificationSchema, WorkSchema } from './work'
import { WorkflowRunHeadSchema } from './workflows'
import { WorkspaceSchema } from './workspaces'

/**
 * Text that is still being written: of a reply (`agent.token`) or of a running tool (`tool.output`).
 * `offset` counts the UTF-16 units of this stream that came before. A subscriber that joins late first gets
 * the whole so far at offset 0, so applying is always: keep the first `offset` units, then append.
 */
const DeltaSchema = z.object({ stepId: IdSchema, offset: z.number().int(), delta: z.string() })

/** Payload of every topic. All but `agent.token` and `tool.output` are on disk before they are published. */
export const eventPayloadSchemas = {
  'session.update': z.object({ session: SessionSchema }),
  'session.removed': z.object({ sessionId: IdSchema }),
  /** A new entry, and the head it extends. */
  'session.entry': z.object({ entry: EntrySchema, headId: IdSchema }),
  /** Started, stopped, or with another policy; what waits in it are runs. */
  'prompts.update': z.object({ queue: PromptQueueSchema }),
  'run.update': z.object({ run: RunSchema }),
  'step.update': z.object({ step: StepSchema }),
  'agent.token': DeltaSchema.extend({ kind: z.enum(['text', 'thinking']) }),
  'tool.output': DeltaSchema.extend({ callId: z.string() }),
  'agent.lifecycle': AgentLifecycleSchema,
  'human.request': z.object({ request: HumanRequestSchema }),
  'workspace.update': z.object({ workspace: WorkspaceSchema }),
  'settings.update': z.object({ settings: SettingsSchema }),
  /** What is wrong with the settings file, or nothing any more. */
  'settings.file': SettingsFileSchema,
  'work.update': z.object({ work: WorkSchema }),
  /** Worth telling a person who looks elsewhere. Hosts show it when no window has the focus. */
  'notification': NotificationSchema,
  /** Taken, counted, renamed, pinned, or its files pruned. `current`: the session stands here now. */
  'checkpoint.update': z.object({ checkpoint: CheckpointSchema, current: z.boolean() }),
  'checkpoint.removed': z.object({ sessionId: IdSchema, checkpointIds: z.array(IdSchema) }),
  /** A restore, an undo or a bringing home, from its start to its end. */
  'checkpoint.restore': z.object({
    restoreId: IdSchema, sessionId: IdSchema, checkpointId: IdSchema.nullable(), redoCheckpointId: IdSchema,
    state: z.enum(['applying', 'completed', 'rolled_back']), done: z.number().int(), total: z.number().int(),
  }),
  'branch.update': z.object({ branch: BranchSchema }),
  'branch.removed': z.object({ branchId: IdSchema, originSessionId: IdSchema, sessionId: IdSchema }),
  'storage.update': z.object({ job: StorageJobSchema }),
  /** A card as it is now: made, changed, moved, or something that it shows of others changed. */
  'task.update': z.object({ task: TaskSchema }),
  'task.removed': z.object({ taskIds: z.array(IdSchema) }),
  /** Saved, changed, forgotten or restored. */
  'memory.update': z.object({ item: MemoryItemSchema }),
  /** Erased for good. */
  'memory.removed': z.object({ itemIds: z.array(IdSchema) }),
  /** Many items changed at once, or what waits for review did: ask for them again. */
  'memory.many': z.object({ count: z.number().int() }),
  'memory.vectors': z.object({ vectors: VectorStateSchema }),
  /** Proposed, changed, decided or ended; its tasks are asked for. */
  'plan.update': z.object({ plan: PlanHeadSchema }),
  /** Saved, changed, removed or restored: ask for it again. */
  'workflow.update': z.object({ workflowId: IdSchema }),
  /** Started, a step of it went on, or it ended; its steps are asked for. */
  'workflow.run': z.object({ run: WorkflowRunHeadSchema }),
  /** The rules of the user, a folder or a template are others now; they count from the next model call on. */
  'behavior.update': z.object({ profile: BehaviorProfileSchema }),
  /** The rules of a person changed: ask for them again. */
  'permissions.update': z.object({}),
  /** An MCP server was added, changed, removed, started or stopped, or its tools are others: ask for it again. */
  'mcp.update': z.object({ serverId: IdSchema }),
  /** An MCP client of Trestle came or went, or may do something else: ask for them again. */
  'mcp.clients': z.object({}),
  /** The catalogue or a provider changed: ask for it again. */
  'models.update': z.object({}),
  /** Something the person should know that belongs to no session: a restored backup, a failed backup. */
  'system.notice': z.object({ id: IdSchema, level: z.enum(['info', 'warning', 'error']), text: z.string() }),
} as const

export type Topic = keyof typeof eventPayloadSchemas
export type EventPayload<T extends Topic> = z.infer<(typeof eventPayloadSchemas)[T]>

const envelopeBase = {
  /** Rises by at least one from event to event, over restarts too. */
  seq: z.number().int(),
  at: TimestampSchema,
  sessionId: IdSchema.nullable(),
  runId: IdSchema.nullable(),
  traceId: z.string(),
}

function envelopeOf<T extends Topic>(topic: T) {
  return z.object({ ...envelopeBase, topic: z.literal(topic), payload: eventPayloadSchemas[topic] })
}

export const EventEnvelopeSchema = z.discriminatedUnion('topic', [
  envelopeOf('session.update'),
  envelopeOf('session.removed'),
  envelopeOf('session.entry'),
  envelopeOf('prompts.update'),
  envelopeOf('run.update'),
  envelopeOf('step.update'),
  envelopeOf('agent.token'),
  envelopeOf('tool.output'),
  envelopeOf('agent.lifecycle'),
  envelopeOf('human.request'),
  envelopeOf('workspace.update'),
  envelopeOf('settings.update'),
  envelopeOf('settings.file'),
  envelopeOf('work.update'),
  envelopeOf('notification'),
  envelopeOf('checkpoint.update'),
  envelopeOf('checkpoint.removed'),
  envelopeOf('checkpoint.restore'),
  envelopeOf('branch.update'),
  envelopeOf('branch.removed'),
  envelopeOf('storage.update'),
  envelopeOf('task.update'),
  envelopeOf('task.removed'),
  envelopeOf('memory.update'),
  envelopeOf('memory.removed'),
  envelopeOf('memory.many'),
  envelopeOf('memory.vectors'),
  envelopeOf('plan.update'),
  envelopeOf('workflow.update'),
  envelopeOf('workflow.run'),
  envelopeOf('behavior.update'),
  envelopeOf('permissions.update'),
  envelopeOf('mcp.update'),
  envelopeOf('mcp.clients'),
  envelopeOf('models.update'),
  envelopeOf('system.notice'),
])
export type EventEnvelope = z.infer<typeof EventEnvelopeSchema>

export const TopicSchema = z.enum([
  'session.update', 'session.removed', 'session.entry', 'prompts.update', 'run.update', 'step.update', 'agent.token', 'tool.output', 'agent.lifecycle',
  'human.request', 'workspace.update', 'settings.update', 'settings.file', 'work.update', 'notification', 'checkpoint.update', 'checkpoint.removed', 'checkpoint.restore', 'branch.update', 'branch.removed', 'storage.update',
  'task.update', 'task.removed', 'plan.update', 'workflow.update', 'workflow.run', 'memory.update', 'memory.removed', 'memory.many', 'memory.vectors', 'behavior.update', 'permissions.update', 'mcp.update', 'mcp.clients', 'models.update', 'system.notice',
])

/** Sent first on every subscription. With `reset`, events since the asked position are gone: load the state anew, then go on from `seq`. */
export const StreamOpenSchema = z.object({ topic: z.literal('stream.open'), seq: z.number().int(), reset: z.boolean() })
export type StreamOpen = z.infer<typeof StreamOpenSchema>

export const SubscribeInputSchema = z.object({
  /** All when left out. */
  topics: z.array(TopicSchema).optional(),
  /** Position of the last event that was seen; left out: only what comes from now on. */
  since: z.number().int().nonnegative().optional(),
  sessionId: IdSchema.optional(),
})
export type SubscribeInput = z.infer<typeof SubscribeInputSchema>

export const StreamMessageSchema = z.union([StreamOpenSchema, EventEnvelopeSchema])
export type StreamMessage = z.infer<typeof StreamMessageSchema>

export const events = {
  subscribe: oc.route({ method: 'GET', path: '/events', tags: ['events'],
    summary: 'The event stream, as server-sent events; WebSocket clients use /ws/stream' })
    .input(SubscribeInputSchema.extend({ since: z.coerce.number().int().nonnegative().optional() }))
    .output(eventIterator(StreamMessageSchema)),
}
