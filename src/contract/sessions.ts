import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { AgentOriginSchema } from './agent-origin'
import { MAX_ATTACHMENTS } from './attachments'
import { CostSchema, EmptySchema, IdSchema, ModelIdSchema, ModeSchema, PageInputSchema, pageOf, TimestampSchema, UsageSchema } from './common'
import { EntrySchema } from './entries'
import { FlowSourceSchema } from './flow'

/** One end of the conversation tree. The active head is where the next message goes. */
export const HeadSchema = z.object({
  id: IdSchema,
  /** The newest entry of this branch; null before the first message. */
  entryId: IdSchema.nullable(),
  createdAt: TimestampSchema,
})
export type Head = z.infer<typeof HeadSchema>

/** `waiting`: a person is asked. `interrupted`: the app stopped in the middle of a turn that can be resumed. */
export const SessionStatusSchema = z.enum(['idle', 'running', 'waiting', 'interrupted'])
export type SessionStatus = z.infer<typeof SessionStatusSchema>

export const SessionSchema = z.object({
  id: IdSchema,
  workspaceId: IdSchema.nullable(),
  title: z.string(),
  /** Null: the default model of the settings. */
  model: z.string().nullable(),
  mode: ModeSchema,
  status: SessionStatusSchema,
  archived: z.boolean(),
  /** At the top of the list. */
  pinned: z.boolean(),
  /** In the bin since then: it is in no other list and is removed for good after a while. */
  deletedAt: TimestampSchema.nullable(),
  activeHeadId: IdSchema,
  heads: z.array(HeadSchema),
  openRequests: z.number().int(),
  queuedRuns: z.number().int(),
  /** Where an agent or a task began it, not a person. */
  agent: AgentOriginSchema.optional(),
  usage: UsageSchema,
  costUsd: CostSchema,
  createdAt: TimestampSchema,
  updatedAt: TimestampSchema,
})
export type Session = z.infer<typeof SessionSchema>

const SessionFieldsSchema = z.object({
  title: z.string().trim().min(1).max(200).optional(),
  model: ModelIdSchema.nullable().optional(),
  mode: ModeSchema.optional(),
})

export const CreateSessionSchema = SessionFieldsSchema.extend({ workspaceId: IdSchema.nullable().optional() })
export const PatchSessionSchema = SessionFieldsSchema.extend({
  id: IdSchema,
  archived: z.boolean().optional(),
  pinned: z.boolean().optional(),
  activeHeadId: IdSchema.optional(),
})
export type CreateSession = z.infer<typeof CreateSessionSchema>
export type PatchSession = z.infer<typeof PatchSessionSchema>

/** Longest message a person or script can send, in characters (about 2 MB). */
export const MAX_MESSAGE_CHARS = 2_000_000
export const MessageTextSchema = z.string().trim().min(1).max(MAX_MESSAGE_CHARS)

/** A part of the context that a model call gets, in the order it is sent. */
export const ContextPartSchema = z.object({
  kind: z.enum(['system', 'behavior', 'tools', 'summary', 'memory', 'user', 'assistant', 'tool_result', 'discarded', 'attachment']),
  label: z.string(),
  entryId: IdSchema.nullable(),
  tokens: z.number().int(),
  /** First 2,000 characters of what is sent; the entry has the whole. */
  excerpt: z.string(),
})
export const SessionContextSchema = z.object({
  model: z.string().nullable(),
  contextWindow: z.number().int().nullable(),
  totalTokens: z.number().int(),
  estimated: z.boolean(),
  parts: z.array(ContextPartSchema),
  /** What of it came from outside, and what is private. With both, nothing is sent out without a person. */
  sources: z.array(FlowSourceSchema),
})
export type ContextPart = z.infer<typeof ContextPartSchema>
export type SessionContext = z.infer<typeof SessionContextSchema>

export const ExportFormatSchema = z.enum(['markdown', 'json'])
export type ExportFormat = z.infer<typeof ExportFormatSchema>

/** A place where branches part. */
export const ForkPointSchema = z.object({
  /** The last entry that they have in common; null: they have none. */
  afterEntryId: IdSchema.nullable(),
  /** In the order of their making. `entryId`: the first message of the branch. `headId`: switching to it shows that branch. */
  variants: z.array(z.object({ entryId: IdSchema, headId: IdSchema, at: TimestampSchema })),
})
export type ForkPoint = z.infer<typeof ForkPointSchema>

const tags = ['sessions']
const FlagSchema = z.stringbool().or(z.boolean()).default(false)
const ById = z.object({ id: IdSchema })
const ExportInputSchema = ById.extend({ format: ExportFormatSchema.default('markdown') })

export const sessions = {
  create: oc.route({ method: 'POST', path: '/sessions', successStatus: 201, tags, summary: 'Start a session' })
    .input(CreateSessionSchema).output(SessionSchema),
  list: oc.route({ method: 'GET', path: '/sessions', tags, summary: 'List sessions, newest activity first' })
    .input(PageInputSchema.extend({
      workspaceId: IdSchema.optional(),
      archived: FlagSchema,
      /** Those in the bin, newest first, archived ones too. */
      deleted: FlagSchema,
    }))
    .output(pageOf(SessionSchema)),
  get: oc.route({ method: 'GET', path: '/sessions/{id}', tags }).input(ById).output(SessionSchema),
  patch: oc.route({ method: 'PATCH', path: '/sessions/{id}', tags, summary: 'Rename, pin, archive, change model or mode, switch branch' })
    .input(PatchSessionSchema).output(SessionSchema),
  remove: oc.route({ method: 'DELETE', path: '/sessions/{id}', tags, summary: 'Delete a session and its journal for good' })
    .input(ById).output(EmptySchema),
  trash: oc.route({ method: 'POST', path: '/sessions/{id}/trash', tags,
    summary: 'Stop a session and put it into the bin; it can be taken out again for a week' })
    .input(ById).output(SessionSchema),
  untrash: oc.route({ method: 'POST', path: '/sessions/{id}/untrash', tags, summary: 'Take a session out of the bin' })
    .input(ById).output(SessionSchema),
  export: oc.route({ method: 'GET', path: '/sessions/{id}/export', tags, outputStructure: 'detailed',
    summary: 'A session as a file: the conversation that is shown as Markdown, or all branches as JSON. What looks like a key is left out' })
    .input(ExportInputSchema)
    .output(z.object({ headers: z.record(z.string(), z.string()), body: z.instanceof(ReadableStream) })),
  exportParts: oc.route({ method: 'GET', path: '/sessions/{id}/export/parts', tags, summary: 'The same, as a stream of pieces of text' })
    .input(ExportInputSchema).output(eventIterator(z.object({ text: z.string(), /** With the first piece. */ fileName: z.string().optional() }))),
  entries: oc.route({ method: 'GET', path: '/sessions/{id}/entries', tags,
    summary: 'The conversation of a branch, newest page first, entries of a page oldest first' })
    .input(PageInputSchema.extend({ id: IdSchema, headId: IdSchema.optional() })).output(pageOf(EntrySchema)),
  send: oc.route({ method: 'POST', path: '/sessions/{id}/messages', successStatus: 202, tags,
    summary: 'Send a message; it is queued when a turn is running' })
    .input(z.object({
      id: IdSchema,
      text: z.string().trim().max(MAX_MESSAGE_CHARS),
      attachments: z.array(IdSchema).max(MAX_ATTACHMENTS).optional(),
      /** Reaches the turn that works now between two of its steps, instead of after its end. */
      steer: z.boolean().default(false),
      /** Goes on from this entry (null: from the start) on a new branch, instead of at the end. */
      afterEntryId: IdSchema.nullable().optional(),
    }).refine(({ text, attachments = [] }) => text !== '' || attachments.length > 0, 'Say something, or attach something.')
      .refine(({ steer, afterEntryId }) => !steer || afterEntryId === undefined, 'What goes on from elsewhere cannot reach the turn that works.'))
    .output(z.object({ runId: IdSchema })),
  fork: oc.route({ method: 'POST', path: '/sessions/{id}/fork', successStatus: 201, tags,
    summary: 'Continue from an earlier entry on a new branch (null: from the start); the other branches stay' })
    .input(z.object({ id: IdSchema, entryId: IdSchema.nullable() }))
    .output(SessionSchema.extend({ headId: IdSchema })),
  discard: oc.route({ method: 'POST', path: '/sessions/{id}/discard', successStatus: 201, tags,
    summary: 'Leave the outputs of these tool results out of what the model is sent; the journal keeps them' })
    .input(z.object({ id: IdSchema, entryIds: z.array(IdSchema).min(1).max(1000) })).output(EntrySchema),
  forks: oc.route({ method: 'GET', path: '/sessions/{id}/forks', tags, summary: 'Where the branches of a session part' })
    .input(ById).output(z.object({ items: z.array(ForkPointSchema) })),
  compact: oc.route({ method: 'POST', path: '/sessions/{id}/compact', successStatus: 201, tags,
    summary: 'Summarise what came before the newest message; the model is sent the summary instead, the journal keeps everything' })
    .input(ById).output(EntrySchema),
  locate: oc.route({ method: 'GET', path: '/sessions/{id}/locate', tags, summary: 'The branch that an entry is on: the active one where it is, else the newest' })
    .input(z.object({ id: IdSchema, entryId: IdSchema })).output(z.object({ headId: IdSchema })),
  context: oc.route({ method: 'GET', path: '/sessions/{id}/context', tags,
    summary: 'What the model is sent, by part, with token counts; of the newest call, or of the call that led to an entry' })
    .input(z.object({ id: IdSchema, entryId: IdSchema.optional() })).output(SessionContextSchema),
}
