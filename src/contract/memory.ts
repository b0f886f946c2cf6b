import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, PageInputSchema, pageOf, TimestampSchema } from './common'
import { MemoryMomentsSchema } from './memory-moments'
import { StatementsSchema } from './statements'

/** `fragment`: a short fact of the work; `solution`: a problem and what solved it; `user`: a fact about the person, or a preference. */
export const MemoryKindSchema = z.enum(['fragment', 'solution', 'user'])
export type MemoryKind = z.infer<typeof MemoryKindSchema>

/** Where it counts: everywhere, in one workspace, in one session. */
export const MemoryScopeSchema = z.enum(['user', 'workspace', 'session'])
export type MemoryScope = z.infer<typeof MemoryScopeSchema>

/** `sensitive` items are never sent to a provider unless the settings allow it, and never logged. */
export const SensitivitySchema = z.enum(['normal', 'sensitive'])
export type Sensitivity = z.infer<typeof SensitivitySchema>

/** Who vouches for it. `untrusted`: it came out of a file, a page or the answer of a tool. */
export const MemoryTrustSchema = z.enum(['person', 'agent', 'untrusted'])
export type MemoryTrust = z.infer<typeof MemoryTrustSchema>

/** Of a solution, and of an item. */
export const MOST_ARTIFACTS = 20
export const MOST_TAGS = 20

export const MemorySolutionSchema = z.object({
  problem: z.string().trim().max(8_000),
  steps: z.array(z.string().trim().min(1).max(2_000)).max(100).default([]),
  outcome: z.string().trim().max(8_000).default(''),
  /** Code or files that are a part of it. */
  artifacts: z.array(z.object({ path: z.string().max(1_000).optional(), language: z.string().max(40).optional(), text: z.string().max(20_000) })).max(MOST_ARTIFACTS).default([]),
})
export type MemorySolution = z.infer<typeof MemorySolutionSchema>

export const MemorySourceSchema = z.object({
  by: z.enum(['person', 'agent', 'script', 'import', 'system']),
  sessionId: IdSchema.nullable().default(null),
  runId: IdSchema.nullable().default(null),
  entryId: IdSchema.nullable().default(null),
  /** The file that it came from. */
  path: z.string().max(1_000).nullable().default(null),
})
export type MemorySource = z.infer<typeof MemorySourceSchema>

export const MemoryTagSchema = z.string().trim().min(1).max(40)

export const MemoryItemSchema = z.object({
  id: IdSchema,
  kind: MemoryKindSchema,
  title: z.string(),
  text: z.string(),
  solution: MemorySolutionSchema.nullable(),
  /** What it says of things: the knowledge graph is made of these. */
  statements: StatementsSchema.default([]),
  tags: z.array(z.string()),
  scope: MemoryScopeSchema,
  /** Set with scope `workspace`; with `session` where the session has a folder. */
  workspaceId: IdSchema.nullable(),
  sessionId: IdSchema.nullable(),
  importance: z.number(),
  sensitivity: SensitivitySchema,
  trust: MemoryTrustSchema,
  /** From then on it is never recalled. */
  expiresAt: TimestampSchema.nullable(),
  pinned: z.boolean(),
  archived: z.boolean(),
  /** Set: it was forgotten then. It is found nowhere but among the forgotten, and the same is not learnt again. */
  forgottenAt: TimestampSchema.nullable(),
  source: MemorySourceSchema,
  lastUsedAt: TimestampSchema.nullable(),
  useCount: z.number().int(),
  createdAt: TimestampSchema,
  updatedAt: TimestampSchema,
  revision: z.number().int(),
})
export type MemoryItem = z.infer<typeof MemoryItemSchema>

const TextSchema = z.string().trim().min(1).max(20_000)

/** What may be given when something is saved. Left out, sensitivity is judged from the text, and statements are read out of it by rules. */
export const MemoryDraftSchema = z.object({
  kind: MemoryKindSchema.default('fragment'),
  title: z.string().trim().max(200).default(''),
  text: TextSchema,
  solution: MemorySolutionSchema.nullable().default(null),
  statements: StatementsSchema.optional(),
  tags: z.array(MemoryTagSchema).max(MOST_TAGS).default([]),
  scope: MemoryScopeSchema.default('user'),
  workspaceId: IdSchema.nullable().default(null),
  sessionId: IdSchema.nullable().default(null),
  importance: z.number().min(0).max(1).default(0.5),
  sensitivity: SensitivitySchema.optional(),
  trust: MemoryTrustSchema.optional(),
  expiresAt: TimestampSchema.nullable().default(null),
  pinned: z.boolean().default(false),
  source: MemorySourceSchema.omit({ by: true }).partial().default({}),
})
export type MemoryDraft = z.infer<typeof MemoryDraftSchema>
export type MemoryDraftInput = z.input<typeof MemoryDraftSchema>

export const MemoryPatchSchema = z.object({
  kind: MemoryKindSchema.optional(),
  title: z.string().trim().max(200).optional(),
  text: TextSchema.optional(),
  solution: MemorySolutionSchema.nullable().optional(),
  statements: StatementsSchema.optional(),
  tags: z.array(MemoryTagSchema).max(MOST_TAGS).optional(),
  scope: MemoryScopeSchema.optional(),
  workspaceId: IdSchema.nullable().optional(),
  sessionId: IdSchema.nullable().optional(),
  importance: z.number().min(0).max(1).optional(),
  sensitivity: SensitivitySchema.optional(),
  trust: MemoryTrustSchema.optional(),
  expiresAt: TimestampSchema.nullable().optional(),
  pinned: z.boolean().optional(),
  archived: z.boolean().optional(),
})
export type MemoryPatch = z.infer<typeof MemoryPatchSchema>

export const MemoryActionSchema = z.enum(['created', 'changed', 'learnt_again', 'merged', 'split', 'forgotten', 'restored', 'undone', 'reviewed'])
export type MemoryAction = z.infer<typeof MemoryActionSchema>

export const MemoryRevisionSchema = z.object({
  revision: z.number().int(),
  at: TimestampSchema,
  action: MemoryActionSchema,
  by: MemorySourceSchema.shape.by,
  /** In words: what brought it about. */
  cause: z.string(),
  sessionId: IdSchema.nullable(),
  runId: IdSchema.nullable(),
  entryId: IdSchema.nullable(),
  changes: z.array(z.object({ name: z.string(), before: z.unknown(), after: z.unknown() })),
})
export type MemoryRevision = z.infer<typeof MemoryRevisionSchema>

/** A call to a model that an item was sent along with. */
export const MemoryUseSchema = z.object({ at: TimestampSchema, sessionId: IdSchema, runId: IdSchema })
export type MemoryUse = z.infer<typeof MemoryUseSchema>

/** Over REST a list is given as `kinds[]=user&kinds[]=solution`. */
const FilterShape = {
  kinds: z.array(MemoryKindSchema).max(3).optional(),
  /** All of them. */
  tags: z.array(z.string().max(40)).max(20).optional(),
  scope: MemoryScopeSchema.optional(),
  workspaceId: IdSchema.optional(),
  sessionId: IdSchema.optional(),
  sensitivity: SensitivitySchema.optional(),
  trust: MemoryTrustSchema.optional(),
  /** Who saved it. */
  by: MemorySourceSchema.shape.by.optional(),
  /** Beginning of the path that it came from. */
  path: z.string().max(1_000).optional(),
  runId: IdSchema.optional(),
  /** Changed at or after, before. */
  from: z.coerce.number().int().nonnegative().optional(),
  to: z.coerce.number().int().nonnegative().optional(),
  pinned: z.stringbool().or(z.boolean()).optional(),
  /** `active` (when left out): neither archived, forgotten nor expired. */
  state: z.enum(['active', 'archived', 'forgotten', 'expired', 'all']).optional(),
}
export const MemoryFilterSchema = z.object(FilterShape)
export type MemoryFilter = z.infer<typeof MemoryFilterSchema>

export const MemoryModeSchema = z.enum(['words', 'meaning', 'hybrid'])
export type MemoryMode = z.infer<typeof MemoryModeSchema>

/** What made a hit. All parts are multiplied to the score. */
export const MemoryWhySchema = z.object({
  /** Rank in the list of words and in that of meaning, from 1; null: not in it. */
  wordsRank: z.number().int().nullable(),
  meaningRank: z.number().int().nullable(),
  /** bm25, higher is better; cosine. */
  wordsScore: z.number().nullable(),
  meaningScore: z.number().nullable(),
  /** Of both ranks, from 0 to 1. */
  relevance: z.number(),
  recency: z.number(),
  importance: z.number(),
  scope: z.number(),
  trust: z.number(),
  /** The words that were found, where they are not those that were asked for: typos put right, parts. */
  corrected: z.array(z.object({ asked: z.string(), found: z.array(z.string()) })),
  /** In one line. */
  text: z.string(),
})
export type MemoryWhy = z.infer<typeof MemoryWhySchema>

export const MemoryHitSchema = z.object({
  item: MemoryItemSchema,
  /** Null in a list that was not searched for. */
  score: z.number().nullable(),
  why: MemoryWhySchema.nullable(),
  /** A piece of the text around the first hit; `hit` marks the words. */
  snippet: z.array(z.object({ text: z.string(), hit: z.boolean() })),
})
export type MemoryHit = z.infer<typeof MemoryHitSchema>

export const MemoryAnswerSchema = z.object({
  items: z.array(MemoryHitSchema),
  nextCursor: z.string().nullable(),
  /** How it was searched: `meaning` and `hybrid` need an embedding model. */
  mode: MemoryModeSchema,
  /** What a person should know of this answer: that there is no embedding model, that vectors are still being made. */
  note: z.string().nullable(),
})
export type MemoryAnswer = z.infer<typeof MemoryAnswerSchema>

export const MemoryReviewKindSchema = z.enum(['proposed', 'duplicate', 'contradiction', 'stale'])
export const MemoryReviewSchema = z.object({
  id: IdSchema,
  kind: MemoryReviewKindSchema,
  /** Why it is here. */
  reason: z.string(),
  /** The items that it is about; the first one stays where several become one. */
  items: z.array(MemoryItemSchema),
  /** What accepting does. */
  proposal: z.discriminatedUnion('action', [
    z.object({ action: z.literal('create'), draft: MemoryDraftSchema }),
    z.object({ action: z.literal('change'), itemId: IdSchema, patch: MemoryPatchSchema }),
    /** The others are forgotten. */
    z.object({ action: z.literal('merge'), itemId: IdSchema, others: z.array(IdSchema), text: z.string() }),
    z.object({ action: z.literal('forget'), itemIds: z.array(IdSchema) }),
  ]),
  source: MemorySourceSchema,
  state: z.enum(['open', 'accepted', 'rejected']),
  at: TimestampSchema,
  decidedAt: TimestampSchema.nullable(),
})
export type MemoryReview = z.infer<typeof MemoryReviewSchema>

/** Proof that nothing is left in the memory. */
export const ErasedSchema = z.object({
  ids: z.array(IdSchema),
  /** Rows that were removed, by table and index. */
  removed: z.array(z.object({ from: z.string(), rows: z.number().int() })),
  /** Asked afterwards: how much of them each place still has. All 0 is the proof. */
  left: z.array(z.object({ in: z.string(), rows: z.number().int() })),
  /** Backups of before, which still have them until they are replaced. */
  backups: z.array(z.object({ name: z.string(), at: TimestampSchema, bytes: z.number().int() })),
  /** Conversations that they came from: what was said there is not part of the memory. */
  conversations: z.array(IdSchema),
  at: TimestampSchema,
})
export type Erased = z.infer<typeof ErasedSchema>

export const MemoryBulkActionSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('change'), patch: MemoryPatchSchema.omit({ text: true, title: true, solution: true, statements: true }) }),
  z.object({ action: z.literal('tag'), add: z.array(MemoryTagSchema).max(MOST_TAGS).default([]), remove: z.array(z.string().max(40)).max(20).default([]) }),
  z.object({ action: z.literal('forget') }),
  z.object({ action: z.literal('restore') }),
])
export type MemoryBulkAction = z.infer<typeof MemoryBulkActionSchema>

/** The first rule that fits an item counts. Left out conditions fit everything. Pinned items are never touched. */
export const RetentionRuleSchema = z.object({
  kind: MemoryKindSchema.optional().meta({ title: 'Kind' }),
  /** Days since it was last changed or used. */
  olderThanDays: z.number().int().min(1).max(36_500).optional().meta({ title: 'Days without use' }),
  belowImportance: z.number().min(0).max(1).optional().meta({ title: 'Importance below' }),
  /** Items of this kind beyond this number; the least important and least recently used go first. */
  keepAtMost: z.number().int().min(1).max(10_000_000).optional().meta({ title: 'Keep at most' }),
  then: z.enum(['archive', 'forget']).default('archive').meta({ title: 'Then', choices: { archive: 'Archive', forget: 'Forget' } }),
})
export type RetentionRule = z.infer<typeof RetentionRuleSchema>

const RetentionPreviewSchema = z.object({
  archive: z.number().int(),
  forget: z.number().int(),
  /** The first of them. */
  items: z.array(z.object({ item: MemoryItemSchema, rule: z.number().int(), then: z.enum(['archive', 'forget']) })),
})
export type RetentionPreview = z.infer<typeof RetentionPreviewSchema>

export const MemoryUndoSchema = z.object({
  /** Items that were changed after that moment, that came after it, that were forgotten after it. */
  change: z.number().int(),
  forget: z.number().int(),
  restore: z.number().int(),
  /** The first of them, as they are and as they would be; `after` null: forgotten again. */
  items: z.array(z.object({ before: MemoryItemSchema, after: MemoryItemSchema.nullable() })),
})
export type MemoryUndo = z.infer<typeof MemoryUndoSchema>

export const VectorStateSchema = z.object({
  /** `none`: no embedding model is set up; `ready`; `working`: vectors are being made; `failed`: the model did not answer, it is tried again. */
  state: z.enum(['none', 'ready', 'working', 'failed']),
  model: z.string().nullable(),
  dimension: z.number().int().nullable(),
  /** Items that have a vector of this model, of those that should. */
  done: z.number().int(),
  total: z.number().int(),
  /** Not sent, since they are sensitive. */
  withheld: z.number().int(),
  error: z.string().nullable(),
})
export type VectorState = z.infer<typeof VectorStateSchema>

export const MemoryStatsSchema = z.object({
  active: z.number().int(),
  archived: z.number().int(),
  forgotten: z.number().int(),
  pinned: z.number().int(),
  sensitive: z.number().int(),
  reviews: z.number().int(),
  kinds: z.record(MemoryKindSchema, z.number().int()),
  /** The most frequent ones. */
  tags: z.array(z.object({ tag: z.string(), count: z.number().int() })),
  oldestAt: TimestampSchema.nullable(),
  newestAt: TimestampSchema.nullable(),
  vectors: VectorStateSchema,
})
export type MemoryStats = z.infer<typeof MemoryStatsSchema>

const ById = z.object({ id: IdSchema })
const AtSchema = z.coerce.number().int().nonnegative().optional()
const IdsSchema = z.array(IdSchema).min(1).max(10_000)
const tags = ['memory']

export const memory = {
  save: oc.route({ method: 'POST', path: '/memory/save', tags, summary: 'Remember something; what is known already is brought up to date instead of kept twice' })
    .input(MemoryDraftSchema)
    .output(z.object({ item: MemoryItemSchema, /** `known`: the same was there; `forgotten`: it was forgotten before, and is remembered again since a person says so. */ outcome: z.enum(['created', 'known', 'forgotten']) })),
  query: oc.route({ method: 'GET', path: '/memory/query', tags, summary: 'Search by words, by meaning or by both, or list what fits the filters' })
    .input(PageInputSchema.extend({
      ...FilterShape,
      q: z.string().max(2_000).optional(),
      mode: MemoryModeSchema.default('hybrid'),
      /** Only what an agent at work there would see: of the user, of this workspace, of this session. */
      forWorkspace: IdSchema.optional(),
      forSession: IdSchema.optional(),
      /** Without `q`. */
      sort: z.enum(['updated', 'created', 'used', 'importance']).default('updated'),
      /** As the memory was at this moment: all conditions are asked of what was then, `q` by parts of words. */
      at: AtSchema,
    })).output(MemoryAnswerSchema),
  moments: oc.route({ method: 'GET', path: '/memory/moments', tags, summary: 'When the memory changed: the moments that it can be looked at' }).input(EmptySchema).output(MemoryMomentsSchema),
  get: oc.route({ method: 'GET', path: '/memory/{id}', tags, summary: 'One item, a forgotten one too; with `at`, as it was at that moment' }).input(ById.extend({ at: AtSchema })).output(MemoryItemSchema),
  patch: oc.route({ method: 'PATCH', path: '/memory/{id}', tags, summary: 'Correct, pin, archive or move an item; with `revision`, only if nobody else changed it meanwhile' })
    .input(MemoryPatchSchema.extend({ id: IdSchema, revision: z.number().int().optional() })).output(MemoryItemSchema),
  forget: oc.route({ method: 'DELETE', path: '/memory/{id}', tags, summary: 'Forget an item: it is not recalled any more and not learnt again; it can be restored until it is erased' })
    .input(ById).output(MemoryItemSchema),
  restore: oc.route({ method: 'POST', path: '/memory/{id}/restore', tags, summary: 'Remember a forgotten item again' }).input(ById).output(MemoryItemSchema),
  history: oc.route({ method: 'GET', path: '/memory/{id}/history', tags, summary: 'What changed it, by whom and why, newest first' })
    .input(ById.extend(PageInputSchema.shape)).output(pageOf(MemoryRevisionSchema)),
  uses: oc.route({ method: 'GET', path: '/memory/{id}/uses', tags, summary: 'The newest turns that it was sent along with, at most 20' })
    .input(ById).output(z.object({ items: z.array(MemoryUseSchema) })),
  revert: oc.route({ method: 'POST', path: '/memory/{id}/revert', tags, summary: 'Bring an item back to what it was at a revision; that is a revision too' })
    .input(ById.extend({ revision: z.number().int().min(1) })).output(MemoryItemSchema),
  merge: oc.route({ method: 'POST', path: '/memory/merge', tags, summary: 'Make one of several: the first one stays, with this text, the others are forgotten' })
    .input(z.object({ ids: z.array(IdSchema).min(2).max(100), text: TextSchema, title: z.string().trim().max(200).optional() })).output(MemoryItemSchema),
  split: oc.route({ method: 'POST', path: '/memory/{id}/split', tags, summary: 'Make several of one: the item keeps the first text, each other one becomes an item of its own' })
    .input(ById.extend({ texts: z.array(TextSchema).min(2).max(50) })).output(z.object({ items: z.array(MemoryItemSchema) })),
  bulk: oc.route({ method: 'POST', path: '/memory/bulk', tags, summary: 'The same for many items: those named, or all that fit a filter' })
    .input(z.object({ ids: IdsSchema.optional(), filter: MemoryFilterSchema.optional(), do: MemoryBulkActionSchema }))
    .output(z.object({ changed: z.number().int(), failed: z.array(z.object({ id: IdSchema, message: z.string() })) })),
  clear: oc.route({ method: 'POST', path: '/memory/clear', tags, summary: 'Forget all that counts in one place and nowhere else: in a session, in a workspace, or everywhere; what is forgotten can be restored' })
    .input(z.discriminatedUnion('scope', [z.object({ scope: z.literal('session'), sessionId: IdSchema }), z.object({ scope: z.literal('workspace'), workspaceId: IdSchema }), z.object({ scope: z.literal('user') })]))
    .output(z.object({ forgotten: z.number().int(), /** What was changed since then in that place can be restored by a bulk action. */ at: TimestampSchema })),
  erase: oc.route({ method: 'POST', path: '/memory/erase', tags, summary: 'Remove items for good, with their history and the memory of having been forgotten; answers with the proof' })
    .input(z.object({ ids: IdsSchema })).output(ErasedSchema),
  reviews: oc.route({ method: 'GET', path: '/memory/reviews', tags, summary: 'What waits for a decision: proposed items, duplicates, contradictions, stale items' })
    .input(PageInputSchema.extend({ state: MemoryReviewSchema.shape.state.default('open') })).output(pageOf(MemoryReviewSchema)),
  decide: oc.route({ method: 'POST', path: '/memory/reviews/{id}', tags, summary: 'Accept a proposal, with another text if one is given, or reject it' })
    .input(ById.extend({ accept: z.boolean(), text: TextSchema.optional() })).output(MemoryReviewSchema),
  consolidate: oc.route({ method: 'POST', path: '/memory/consolidate', tags, summary: 'Look for duplicates, contradictions and stale items now; what is found is put up for review' })
    .input(EmptySchema).output(z.object({ looked: z.number().int(), found: z.number().int() })),
  previewUndo: oc.route({ method: 'POST', path: '/memory/undo/preview', tags, summary: 'What bringing the memory back to a moment would change' })
    .input(z.object({ to: TimestampSchema, ids: IdsSchema.optional() })).output(MemoryUndoSchema),
  undo: oc.route({ method: 'POST', path: '/memory/undo', tags, summary: 'Bring the memory, or some items, back to what they were at a moment; each change is a revision' })
    .input(z.object({ to: TimestampSchema, ids: IdsSchema.optional() })).output(MemoryUndoSchema),
  exportItems: oc.route({ method: 'GET', path: '/memory/export', tags, summary: 'Items as text, page by page: JSON (one item per line) or Markdown' })
    .input(PageInputSchema.extend({ ...FilterShape, format: z.enum(['json', 'markdown']).default('json'), limit: z.coerce.number().int().min(1).max(5_000).default(1_000) }))
    .output(z.object({ text: z.string(), count: z.number().int(), nextCursor: z.string().nullable() })),
  importItems: oc.route({ method: 'POST', path: '/memory/import', tags, summary: 'Take in what an export gave: JSON, JSON lines or Markdown; what is known is not kept twice' })
    .input(z.object({ text: z.string().max(8_000_000), format: z.enum(['json', 'markdown']).default('json') }))
    .output(z.object({ added: z.number().int(), known: z.number().int(), failed: z.array(z.object({ place: z.number().int(), message: z.string() })) })),
  retention: oc.route({ method: 'GET', path: '/memory/retention', tags, summary: 'What the rules of the settings would archive and forget now' })
    .input(EmptySchema).output(RetentionPreviewSchema),
  previewRetention: oc.route({ method: 'POST', path: '/memory/retention/preview', tags, summary: 'What other rules would archive and forget now' })
    .input(z.object({ rules: z.array(RetentionRuleSchema).max(50) })).output(RetentionPreviewSchema),
  applyRetention: oc.route({ method: 'POST', path: '/memory/retention', tags, summary: 'Apply the rules of the settings now' }).input(EmptySchema).output(RetentionPreviewSchema),
  stats: oc.route({ method: 'GET', path: '/memory/stats', tags, summary: 'How much is remembered, of what kind, and how far the vectors are' }).input(EmptySchema).output(MemoryStatsSchema),
  vectors: oc.route({ method: 'GET', path: '/memory/vectors', tags, summary: 'The embedding model, its dimension, and how many items have a vector of it' }).input(EmptySchema).output(VectorStateSchema),
}
