import { z } from 'zod'
import { IdSchema } from './common'

/**
 * A path in a workspace, with forward slashes. Bytes of a name that are no UTF-8 are lone surrogates U+DC80 to U+DCFF,
 * so that every name survives JSON; a screen shows them as replacement characters.
 */
export const FilePathSchema = z.string().min(1).max(16_384)

export const LineCountSchema = z.object({ added: z.number().int(), removed: z.number().int() })
export type LineCount = z.infer<typeof LineCountSchema>

/** What a snapshot knows of one path. */
export const FileStateSchema = z.object({
  kind: z.enum(['file', 'link', 'directory', 'not_covered']),
  /** Permission bits. */
  mode: z.number().int(),
  bytes: z.number().int(),
  /** SHA-256 of the content, or of the target of a link. */
  hash: z.string().nullable(),
})
export type FileState = z.infer<typeof FileStateSchema>

/**
 * Who changed a path. `person`: you or another program; nothing of ours ran. `agent`: a file tool wrote this path.
 * `command`: a command of the agent ran in that time. `restore`: a restore or an undo.
 */
export const ChangeAuthorSchema = z.object({
  kind: z.enum(['person', 'agent', 'command', 'restore']),
  sessionId: IdSchema.nullable(),
  runId: IdSchema.nullable(),
  stepId: IdSchema.nullable(),
  /** Of `restore`: which one. */
  restoreId: IdSchema.nullable().optional(),
  /** The tool, or the command line, shortened. */
  label: z.string(),
  /** False when something else could have changed the path in the same time: a person during a command, two sessions at once. */
  certain: z.boolean(),
})
export type ChangeAuthor = z.infer<typeof ChangeAuthorSchema>

export const FileChangeSchema = z.object({
  path: FilePathSchema,
  change: z.enum(['added', 'removed', 'changed', 'mode', 'kind']),
  before: FileStateSchema.nullable(),
  after: FileStateSchema.nullable(),
  /** Null for binary or very long files, and where it was not counted. */
  lines: LineCountSchema.nullable(),
  binary: z.boolean(),
  /** In order of time; more than one when several had a part in it. Empty when it is not known. */
  authors: z.array(ChangeAuthorSchema),
})
export type FileChange = z.infer<typeof FileChangeSchema>

export const HunkSchema = z.object({
  /** Stays the same as long as both texts do. */
  id: z.string(),
  /** 1-based. */
  beforeStart: z.number().int(),
  beforeLines: z.number().int(),
  afterStart: z.number().int(),
  afterLines: z.number().int(),
  /** With their line ends left out. */
  lines: z.array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })),
})
export type Hunk = z.infer<typeof HunkSchema>

export const FileDiffSchema = FileChangeSchema.extend({
  /** Null when there is none, or it is binary or over 2 MB. */
  beforeText: z.string().nullable(),
  afterText: z.string().nullable(),
  hunks: z.array(HunkSchema),
  /** Why there is no text. */
  omitted: z.enum(['binary', 'too_large', 'not_covered', 'damaged']).nullable(),
})
export type FileDiff = z.infer<typeof FileDiffSchema>

/** Why a path is not covered. */
export const NotCoveredReasonSchema = z.enum(['ignored', 'too_large', 'too_many', 'unreadable', 'special', 'unstable'])
export type NotCoveredReason = z.infer<typeof NotCoveredReasonSchema>

export const CoverageSchema = z.object({
  /** `watched`: only what was reported as changed was looked at. `full`: everything was. `first`: everything was read. `none`: no files. */
  scan: z.enum(['watched', 'full', 'first', 'none']),
  /** Why it was a full one: the watcher was off, missed events, or could not start. */
  scanReason: z.string().nullable(),
  files: z.number().int(),
  bytes: z.number().int(),
  counts: z.partialRecord(NotCoveredReasonSchema, z.number().int()),
  /** The first 1,000; an ignored folder counts once. `unstable` paths are covered, but changed while they were read. */
  paths: z.array(z.object({ path: FilePathSchema, reason: NotCoveredReasonSchema, bytes: z.number().int().nullable() })),
  /** Commands that ran since the parent: what they did outside the folder and over the network is not covered. */
  commands: z.number().int(),
})
export type Coverage = z.infer<typeof CoverageSchema>
