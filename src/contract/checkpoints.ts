import { oc } from '@orpc/contract'
import { z } from 'zod'
import { CostSchema, EmptySchema, IdSchema, ModelIdSchema, ModeSchema, PageInputSchema, pageOf, TimestampSchema } from './common'
import { CoverageSchema, FileChangeSchema, FileDiffSchema, FilePathSchema, LineCountSchema } from './file-changes'
import { MessageTextSchema } from './sessions'

/** What a checkpoint is made of. `tasks` are those that the session made. A part that did not exist when it was taken is null in a checkpoint. */
export const CheckpointPartSchema = z.enum(['files', 'conversation', 'memory', 'tasks'])
export type CheckpointPart = z.infer<typeof CheckpointPartSchema>

/** Why it was taken. A turn or command that touched nothing leaves none. */
export const CheckpointKindSchema = z.enum(['before_turn', 'after_turn', 'before_command', 'before_restore', 'named'])
export type CheckpointKind = z.infer<typeof CheckpointKindSchema>

/** What can be taken back by itself: a turn, one call of it, or a restore (also an undo: that is its redo). */
export const UndoTargetSchema = z.union([z.object({ runId: IdSchema }), z.object({ stepId: IdSchema }), z.object({ restoreId: IdSchema })])
export type UndoTarget = z.infer<typeof UndoTargetSchema>

export const CheckpointSchema = z.object({
  id: IdSchema,
  sessionId: IdSchema,
  workspaceId: IdSchema.nullable(),
  kind: CheckpointKindSchema,
  /** The name that a person gave, else the prompt or the command it belongs to, shortened. */
  title: z.string(),
  at: TimestampSchema,
  /** Never pruned. */
  pinned: z.boolean(),
  /** The checkpoint that the state at this one came from: the edges of the graph. After a restore it is the restored one. */
  parentId: IdSchema.nullable(),
  /** The turn and the call it belongs to: what "undo this turn" and "undo this command" are offered for. */
  runId: IdSchema.nullable(),
  stepId: IdSchema.nullable(),
  callId: z.string().nullable(),
  /** `pruned`: the files are gone from the store, the rest can be restored. `none`: the session has no folder, or it could not be read. */
  files: z.enum(['kept', 'pruned', 'none']),
  /** Id of the files' state: two checkpoints with the same one have the same files. */
  treeId: z.string().nullable(),
  conversation: z.object({ headId: IdSchema, entryId: IdSchema.nullable() }),
  memoryRevision: z.number().int().nullable(),
  taskRevision: z.number().int().nullable(),
  /** Of `before_restore`: what was done then. By it one sees that a turn was undone, and whether that was taken back. */
  restore: z.object({
    id: IdSchema,
    /** Where it went back to; null for an undo and for a branch that was brought home. */
    checkpointId: IdSchema.nullable(),
    undo: UndoTargetSchema.nullable(),
    /** Paths it set out to change. */
    changes: z.number().int(),
  }).nullable(),
  /** Against its parent; null until it has been counted, and where there is nothing to compare with. */
  changes: LineCountSchema.extend({ files: z.number().int() }).nullable(),
  /** What the turn spent until here, in US dollars. */
  costUsd: CostSchema,
  /** What it added to the store, compressed. */
  storedBytes: z.number().int(),
  /** How many paths it does not cover, by reason; `GET /checkpoints/{id}` lists them. */
  coverage: CoverageSchema.pick({ scan: true, scanReason: true, counts: true, commands: true }),
})
export type Checkpoint = z.infer<typeof CheckpointSchema>

export const CheckpointDetailSchema = CheckpointSchema.extend({
  coverage: CoverageSchema,
  /** The message that this checkpoint was taken before; a restore gives it back to the composer. */
  prompt: z.string().nullable(),
  /** Restores that went to this checkpoint, newest first. */
  restores: z.array(z.object({ id: IdSchema, at: TimestampSchema, redoCheckpointId: IdSchema })),
})
export type CheckpointDetail = z.infer<typeof CheckpointDetailSchema>

export const EntryLineSchema = z.object({ entryId: IdSchema, kind: z.string(), at: TimestampSchema, text: z.string() })

/** What is different in a part that keeps revisions; filled by the feature that owns it. */
const RevisionChangeSchema = z.object({ id: z.string(), change: z.enum(['added', 'removed', 'changed']), title: z.string(), before: z.string().nullable(), after: z.string().nullable() })
export const RevisionDiffSchema = z.object({
  from: z.number().int().nullable(),
  to: z.number().int().nullable(),
  items: z.array(RevisionChangeSchema),
})
export type RevisionDiff = z.infer<typeof RevisionDiffSchema>

export const CheckpointDiffSchema = z.object({
  from: IdSchema,
  /** A checkpoint or `now`. */
  to: z.string(),
  files: z.object({
    items: z.array(FileChangeSchema),
    total: z.number().int(),
    lines: LineCountSchema,
    /** More changed than `items` holds. */
    truncated: z.boolean(),
    /** False when one of the two has no files (any more). */
    available: z.boolean(),
  }),
  conversation: z.object({
    /** The newest entry that both have. */
    commonEntryId: IdSchema.nullable(),
    onlyFrom: z.array(EntryLineSchema),
    onlyTo: z.array(EntryLineSchema),
  }),
  memory: RevisionDiffSchema.nullable(),
  tasks: RevisionDiffSchema.nullable(),
})
export type CheckpointDiff = z.infer<typeof CheckpointDiffSchema>

/** `keep`: leave what is there now. `restore`: replace it; the redo checkpoint has it. */
export const ConflictChoiceSchema = z.enum(['keep', 'restore'])

/** One task or memory item that a restore would change: `before` is how it is now, `after` how it will be. */
export const RevisionItemSchema = RevisionChangeSchema.extend({
  /** What comes with it: that its work is stopped, that it will not start by itself. */
  note: z.string().nullable(),
  /** Somebody else changed it since; `choice` is what would be applied now. */
  conflict: z.object({ text: z.string(), choice: ConflictChoiceSchema }).nullable(),
})
export type RevisionItem = z.infer<typeof RevisionItemSchema>

export const RestoreChoiceSchema = z.object({
  /** Files and folders (a folder stands for all below it). Left out: all. */
  paths: z.array(FilePathSchema).max(100_000).optional(),
  /** Only these hunks of a file, by the ids that its diff from now to the target gives. The file must be one that is written. */
  hunks: z.record(FilePathSchema, z.array(z.string()).max(10_000)).optional(),
  /** By path. A conflict without a choice is kept as it is. */
  conflicts: z.record(FilePathSchema, ConflictChoiceSchema).optional(),
  /** By the id of a task or memory item. Without a choice it is restored, unless somebody else changed it since. */
  items: z.record(IdSchema, ConflictChoiceSchema).optional(),
})
export const RestoreInputSchema = RestoreChoiceSchema.extend({
  parts: z.array(CheckpointPartSchema).min(1).optional(),
})
export type RestoreInput = z.infer<typeof RestoreInputSchema>

/** One path that a restore would change. */
export const RestoreItemSchema = FileChangeSchema.extend({
  /** `before` of the change is what is there now, `after` what will be. */
  action: z.enum(['create', 'write', 'delete']),
  conflict: z
    .object({
      /** `changed_since`: by a person, another program or another session. `not_covered`: something is there that checkpoints do not cover. */
      reason: z.enum(['changed_since', 'not_covered']),
      text: z.string(),
      /** The choice that would be applied now. */
      choice: ConflictChoiceSchema,
    })
    .nullable(),
  /** Set when the stored content is damaged: it cannot be restored; everything else can. */
  damaged: z.boolean(),
})
export type RestoreItem = z.infer<typeof RestoreItemSchema>

export const RestorePreviewSchema = z.object({
  /** Null when what is previewed is an undo or a branch. */
  checkpointId: IdSchema.nullable(),
  parts: z.array(CheckpointPartSchema),
  files: z
    .object({
      items: z.array(RestoreItemSchema),
      writes: z.number().int(),
      deletes: z.number().int(),
      conflicts: z.number().int(),
      damaged: z.number().int(),
      /** More would change than `items` holds. */
      truncated: z.boolean(),
    })
    .nullable(),
  conversation: z.object({ entryId: IdSchema.nullable(), leaves: z.number().int(), prompt: z.string().nullable() }).nullable(),
  memory: z.array(RevisionItemSchema).nullable(),
  /** Those that this session made. */
  tasks: z.array(RevisionItemSchema).nullable(),
  /** What this cannot bring back. */
  notCovered: CoverageSchema.nullable(),
})
export type RestorePreview = z.infer<typeof RestorePreviewSchema>

export const RestoreResultSchema = z.object({
  restoreId: IdSchema,
  restoredCheckpointId: IdSchema.nullable(),
  /** Restoring this one brings back exactly the state before. */
  redoCheckpointId: IdSchema,
  written: z.number().int(),
  deleted: z.number().int(),
  /** So many of each went back. */
  items: z.object({ memory: z.number().int(), tasks: z.number().int() }),
  /** Conflicts that were left as they are. */
  kept: z.array(FilePathSchema),
  /** Not restored, with the reason: damaged content, changed at the last moment, no right to write. */
  failed: z.array(z.object({ path: FilePathSchema, reason: z.string() })),
  /** The head that the conversation is at now. */
  headId: IdSchema.nullable(),
  /** For the composer. */
  prompt: z.string().nullable(),
})
export type RestoreResult = z.infer<typeof RestoreResultSchema>

export const UndoInputSchema = RestoreChoiceSchema.extend({ target: UndoTargetSchema })

export const BranchSchema = z.object({
  id: IdSchema,
  /** `here`: another head of the same session and folder. `scratch`: a session and a copy of the folder of its own. */
  where: z.enum(['here', 'scratch']),
  name: z.string(),
  checkpointId: IdSchema,
  /** The session it was made from. */
  originSessionId: IdSchema,
  originHeadId: IdSchema,
  sessionId: IdSchema,
  headId: IdSchema,
  workspaceId: IdSchema.nullable(),
  createdAt: TimestampSchema,
  /** When its changes were brought home. */
  broughtHomeAt: TimestampSchema.nullable(),
})
export type Branch = z.infer<typeof BranchSchema>

export const BranchInputSchema = z.object({
  where: z.enum(['here', 'scratch']),
  name: z.string().trim().min(1).max(200).optional(),
  model: ModelIdSchema.nullable().optional(),
  mode: ModeSchema.optional(),
  /** Sent at once on the new branch. */
  text: MessageTextSchema.optional(),
  /** `here`: choices for conflicts of the files, as in a restore. */
  conflicts: RestoreChoiceSchema.shape.conflicts,
})
export type BranchInput = z.infer<typeof BranchInputSchema>

/** One side of a comparison: what happened since the checkpoint they have in common. */
export const BranchSideSchema = z.object({
  /** Null: the session that the branch was made from. */
  branchId: IdSchema.nullable(),
  sessionId: IdSchema,
  headId: IdSchema,
  model: z.string().nullable(),
  mode: ModeSchema,
  status: z.enum(['idle', 'running', 'waiting', 'interrupted']),
  answer: z.string().nullable(),
  turns: z.number().int(),
  costUsd: CostSchema,
  tokens: z.number().int(),
  /** Time that its turns took, in ms. */
  durationMs: z.number().int(),
  /** Against the checkpoint. */
  changes: LineCountSchema.extend({ files: z.number().int() }).nullable(),
})
export const BranchComparisonSchema = z.object({
  left: BranchSideSchema,
  right: BranchSideSchema,
  /** From left to right. */
  files: CheckpointDiffSchema.shape.files,
})
export type BranchComparison = z.infer<typeof BranchComparisonSchema>

const tags = ['checkpoints']
const ById = z.object({ id: IdSchema })
const NowOrIdSchema = z.union([z.literal('now'), IdSchema])
const OriginOrIdSchema = z.union([z.literal('origin'), IdSchema])

export const checkpoints = {
  list: oc.route({ method: 'GET', path: '/sessions/{id}/checkpoints', tags, summary: 'Checkpoints of a session, newest first; parentId makes the graph' })
    .input(PageInputSchema.extend({ id: IdSchema }))
    .output(pageOf(CheckpointSchema).extend({ /** Where the session stands. */ currentId: IdSchema.nullable() })),
  create: oc.route({ method: 'POST', path: '/sessions/{id}/checkpoints', successStatus: 201, tags, summary: 'Take a checkpoint now, with a name; it is pinned' })
    .input(z.object({ id: IdSchema, name: z.string().trim().min(1).max(200).optional(), pinned: z.boolean().default(true) })).output(CheckpointSchema),
  get: oc.route({ method: 'GET', path: '/checkpoints/{id}', tags, summary: 'A checkpoint with all that it does not cover' }).input(ById).output(CheckpointDetailSchema),
  patch: oc.route({ method: 'PATCH', path: '/checkpoints/{id}', tags, summary: 'Rename, pin or unpin' })
    .input(ById.extend({ title: z.string().trim().min(1).max(200).optional(), pinned: z.boolean().optional() })).output(CheckpointSchema),
  remove: oc.route({ method: 'DELETE', path: '/checkpoints/{id}', tags, summary: 'Forget a checkpoint; files and conversation are not touched' }).input(ById).output(EmptySchema),
  diff: oc.route({ method: 'GET', path: '/checkpoints/{a}/diff/{b}', tags, summary: 'What is different between two checkpoints, or one and now, and who changed it' })
    .input(z.object({ a: IdSchema, b: NowOrIdSchema, limit: z.coerce.number().int().min(1).max(20_000).default(2000) })).output(CheckpointDiffSchema),
  fileDiff: oc.route({ method: 'GET', path: '/checkpoints/{a}/diff/{b}/file', tags, summary: 'One file of a diff: both texts and the hunks' })
    .input(z.object({ a: z.union([z.literal('now'), IdSchema]), b: NowOrIdSchema, path: FilePathSchema })).output(FileDiffSchema),
  preview: oc.route({ method: 'POST', path: '/checkpoints/{id}/preview', tags, summary: 'Everything a restore would write, delete and ask; changes nothing' })
    .input(RestoreInputSchema.extend({ id: IdSchema })).output(RestorePreviewSchema),
  restore: oc.route({ method: 'POST', path: '/checkpoints/{id}/restore', tags, summary: 'Go back to a checkpoint, whole or in part; a redo checkpoint is taken first' })
    .input(RestoreInputSchema.extend({ id: IdSchema })).output(RestoreResultSchema),
  previewUndo: oc.route({ method: 'POST', path: '/undo/preview', tags, summary: 'What undoing a turn, a call or a restore would change' })
    .input(UndoInputSchema).output(RestorePreviewSchema),
  undo: oc.route({ method: 'POST', path: '/undo', tags, summary: 'Take back what a turn, a call or a restore did to files; what came later stays' })
    .input(UndoInputSchema).output(RestoreResultSchema),
  undoFileDiff: oc.route({ method: 'POST', path: '/undo/preview/file', tags, summary: 'One file of an undo, from now to how it would be: both texts and the hunks' })
    .input(z.object({ target: UndoTargetSchema, path: FilePathSchema })).output(FileDiffSchema),
  branch: oc.route({ method: 'POST', path: '/checkpoints/{id}/branch', successStatus: 201, tags,
    summary: 'Continue from a checkpoint: on a new head here, or in a scratch copy of the folder with another model, mode or prompt' })
    .input(BranchInputSchema.extend({ id: IdSchema }))
    .output(z.object({ branch: BranchSchema, runId: IdSchema.nullable(), prompt: z.string().nullable(), redoCheckpointId: IdSchema.nullable() })),
}

export const branches = {
  list: oc.route({ method: 'GET', path: '/sessions/{id}/branches', tags, summary: 'Branches made from a session, and the one that it is itself, newest first' })
    .input(ById).output(z.object({ items: z.array(BranchSchema) })),
  compare: oc.route({ method: 'GET', path: '/branches/{id}/compare/{other}', tags, summary: 'Two branches of a session, or one and `origin`, side by side' })
    .input(ById.extend({ other: OriginOrIdSchema })).output(BranchComparisonSchema),
  compareFile: oc.route({ method: 'GET', path: '/branches/{id}/compare/{other}/file', tags, summary: 'One file of a comparison of branches: both texts and the hunks' })
    .input(ById.extend({ other: OriginOrIdSchema, path: FilePathSchema })).output(FileDiffSchema),
  previewFile: oc.route({ method: 'GET', path: '/branches/{id}/preview/file', tags, summary: 'One file of bringing a scratch branch home, from now to how it would be: both texts and the hunks' })
    .input(ById.extend({ path: FilePathSchema })).output(FileDiffSchema),
  preview: oc.route({ method: 'POST', path: '/branches/{id}/preview', tags, summary: 'What bringing a scratch branch home would change' })
    .input(RestoreChoiceSchema.extend({ id: IdSchema })).output(RestorePreviewSchema),
  bringHome: oc.route({ method: 'POST', path: '/branches/{id}/bring-home', tags, summary: 'Apply what a scratch branch changed to the folder it was copied from' })
    .input(RestoreChoiceSchema.extend({ id: IdSchema })).output(RestoreResultSchema),
  remove: oc.route({ method: 'DELETE', path: '/branches/{id}', tags, summary: 'Remove a scratch branch: its session and its copy of the folder' }).input(ById).output(EmptySchema),
}
