import { z } from 'zod'
import { AttachmentSchema } from './attachments'
import { BehaviorDiffSchema, BehaviorScopeSchema, EffectiveRuleSchema } from './behavior'
import { IdSchema, ModeSchema, TimestampSchema } from './common'
import { ErrorBodySchema } from './errors'
import { FlowLabelSchema } from './flow'
import { GuardrailHitSchema } from './guardrails'
import { MemoryKindSchema, MemoryTrustSchema } from './memory'

/** A tool call as the model made it. `invalid` when its arguments were not a JSON object: it is answered with an error, never run. */
export const ToolCallSchema = z.object({
  id: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  invalid: z.object({ raw: z.string(), message: z.string() }).optional(),
})
export type ToolCall = z.infer<typeof ToolCallSchema>

/** Reasoning, kept apart from the answer. Only ever sent back to the provider that made it. */
export const ThinkingSchema = z.object({
  text: z.string(),
  /** The provider's proof that the block is unchanged, where it gives one. */
  signature: z.string().optional(),
  /** Set instead of `text` when the provider hides the reasoning. */
  redacted: z.string().optional(),
})
export type Thinking = z.infer<typeof ThinkingSchema>

/** How a command is held: inside the sandbox of the system, or not at all. */
export const ConfinementSchema = z.object({
  sandboxed: z.boolean(),
  /** It may reach these hosts. Empty: no network. Of no meaning outside of the sandbox. */
  hosts: z.array(z.string()),
  /** Why it is not confined. */
  why: z.string().optional(),
})
export type Confinement = z.infer<typeof ConfinementSchema>

export const ToolOutcomeSchema = z.enum(['success', 'error', 'denied', 'cancelled', 'unknown'])
export type ToolOutcome = z.infer<typeof ToolOutcomeSchema>

/** A call that a script made. What it did is in the record of the run, as of any call. */
export const ScriptCallSchema = z.object({
  /** As the script calls it, and the tool that it is a call of. */
  function: z.string(),
  tool: z.string(),
  outcome: ToolOutcomeSchema,
  /** The beginning of what came back; empty where it was read from something. */
  says: z.string(),
  durationMs: z.number(),
  /** What of the folder it touched, or was to. */
  paths: z.array(z.string()),
  memory: z.object({ itemIds: z.array(IdSchema), untrusted: z.boolean() }).optional(),
})
export type ScriptCall = z.infer<typeof ScriptCallSchema>

/** What a tool row shows beside the text the model reads. One kind per look, not per tool. */
export const ToolDetailsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('diff'), path: z.string(), before: z.string(), after: z.string(), created: z.boolean() }),
  z.object({
    kind: z.literal('command'), command: z.string(), exitCode: z.number().nullable(), signal: z.string().nullable(),
    /** As a terminal got it, colours included; only where the model reads something else, and the whole is short. */
    output: z.string().optional(),
    confinement: ConfinementSchema.optional(),
  }),
  z.object({ kind: z.literal('file'), path: z.string(), lines: z.number().optional(), bytes: z.number().optional() }),
  z.object({ kind: z.literal('move'), from: z.string(), to: z.string() }),
  z.object({ kind: z.literal('bin'), path: z.string(), binId: z.string() }),
  z.object({ kind: z.literal('matches'), count: z.number(), truncated: z.boolean() }),
  /** What another agent did: its conversation. */
  z.object({ kind: z.literal('agent'), sessionId: z.string(), runId: z.string(), template: z.string(), title: z.string() }),
  /** Tasks that were made. */
  z.object({ kind: z.literal('tasks'), taskIds: z.array(z.string()), planId: z.string().optional() }),
  /** `untrusted`: among what was recalled is something that came from a file, a page or a tool. */
  z.object({ kind: z.literal('memory'), action: z.enum(['remember', 'recall', 'forget', 'graph_add', 'graph_query']), itemIds: z.array(IdSchema), untrusted: z.boolean(), sensitive: z.boolean().optional() }),
  /** What becomes of rules that shape agents. `warnings`: what does not go together, in plain words. */
  /** Of a question about secrets: what was found and where, each shown only so far that a person knows which it is. */
  z.object({ kind: z.literal('secrets'), found: z.array(z.object({ what: z.string(), where: z.string(), shown: z.string() })), more: z.number().int() }),
  z.object({ kind: z.literal('script'), calls: z.array(ScriptCallSchema) }),
  z.object({ kind: z.literal('rules'), scope: BehaviorScopeSchema, diff: BehaviorDiffSchema, warnings: z.array(z.string()) }),
])
export type ToolDetails = z.infer<typeof ToolDetailsSchema>

export const DecisionSchema = z.enum(['once', 'session', 'always', 'reject'])
export type Decision = z.infer<typeof DecisionSchema>

/** What an approval for later calls covers. */
export const GrantTermsSchema = z.object({
  /** Until then; null or left out: until it is taken back. */
  until: TimestampSchema.nullable().optional(),
  /** Of files: only calls whose paths all fit it, `src/**`. Of commands: the words that they begin with, `npm test`. Of servers: a name, `*.example.com`. */
  pattern: z.string().trim().min(1).max(500).nullable().optional(),
})

export const EntryPayloadSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user_message'), /** Empty where attachments say it all. */ text: z.string(), attachments: z.array(AttachmentSchema).optional(), /** What had been read where the words come from. */ labels: z.array(FlowLabelSchema).optional() }),
  z.object({
    kind: z.literal('assistant_message'),
    text: z.string(),
    thinking: z.array(ThinkingSchema),
    toolCalls: z.array(ToolCallSchema),
    /** `provider/model` that wrote it. */
    model: z.string(),
    finishReason: z.enum(['stop', 'tool_calls', 'length', 'content_filter', 'cut', 'aborted']),
  }),
  z.object({
    kind: z.literal('tool_result'),
    callId: z.string(),
    toolName: z.string(),
    outcome: ToolOutcomeSchema,
    /** What the model reads. */
    content: z.string(),
    details: ToolDetailsSchema.optional(),
    /** The whole output, where `content` is only a part of it: read it at `/artifacts/{id}`. */
    artifactId: z.string().optional(),
    totalBytes: z.number().int().optional(),
    durationMs: z.number(),
    /** What the model has read with it. */
    labels: z.array(FlowLabelSchema).optional(),
  }),
  z.object({
    kind: z.literal('approval'),
    requestId: IdSchema,
    callId: z.string(),
    toolName: z.string(),
    decision: DecisionSchema,
    message: z.string().optional(),
    grant: GrantTermsSchema.optional(),
  }),
  /** Everything before `untilEntryId` (inclusive), except `keptEntryIds`, reaches the model only as `text`. */
  z.object({
    kind: z.literal('summary'),
    text: z.string(),
    untilEntryId: IdSchema,
    keptEntryIds: z.array(IdSchema),
    tokensBefore: z.number().int(),
    tokensAfter: z.number().int(),
  }),
  /** The outputs of these tool results no longer reach the model; the journal keeps them. */
  z.object({ kind: z.literal('context_discard'), entryIds: z.array(IdSchema), tokens: z.number().int() }),
  /** Why a run ended early. A run that completes leaves no such entry. */
  z.object({
    kind: z.literal('run_ended'),
    state: z.enum(['failed', 'cancelled', 'interrupted']),
    error: ErrorBodySchema.optional(),
  }),
  /** From here on these rules shape the agent; what came and what went since the rules before. */
  z.object({ kind: z.literal('behavior_change'), rules: z.array(EffectiveRuleSchema), added: z.array(z.string()), removed: z.array(z.string()) }),
  /**
   * What of the memory the next calls of this turn are sent, and why it was chosen. Not its words: what is forgotten or erased is so
   * here too. Empty: nothing any more.
   */
  z.object({
    kind: z.literal('memory_used'),
    items: z.array(z.object({
      id: IdSchema, revision: z.number().int(), kind: MemoryKindSchema, trust: MemoryTrustSchema, score: z.number().nullable(), why: z.string(), tokens: z.number().int(), sensitive: z.boolean().optional(),
    })),
    tokens: z.number().int(),
  }),
  /** A policy or a tripwire of the person found something. */
  GuardrailHitSchema.extend({ kind: z.literal('guardrail') }),
  z.object({ kind: z.literal('mode_change'), from: ModeSchema, to: ModeSchema }),
  z.object({ kind: z.literal('model_change'), from: z.string().nullable(), to: z.string().nullable() }),
])
export type EntryPayload = z.infer<typeof EntryPayloadSchema>
export type EntryKind = EntryPayload['kind']
export type PayloadOf<K extends EntryKind> = Extract<EntryPayload, { kind: K }>

/** One node of a session's journal tree. Never changed and never deleted while its session exists. */
export const EntrySchema = z.object({
  id: IdSchema,
  sessionId: IdSchema,
  parentId: IdSchema.nullable(),
  runId: IdSchema.nullable(),
  stepId: IdSchema.nullable(),
  at: TimestampSchema,
  payload: EntryPayloadSchema,
})
export type Entry = z.infer<typeof EntrySchema>
