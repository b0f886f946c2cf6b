import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { IdSchema } from './common'
import { FilePathSchema } from './file-changes'

export const SearchQuerySchema = z.object({
  pattern: z.string().min(1).max(10_000),
  /** Rust syntax, line by line. Otherwise the pattern is taken literally. */
  isRegex: z.boolean().default(false),
  matchCase: z.boolean().default(false),
  wholeWord: z.boolean().default(false),
  /** Globs, separated by commas; empty: everything. A folder's name stands for all that is in it. */
  include: z.string().max(2_000).default(''),
  exclude: z.string().max(2_000).default(''),
  /** Also in files that .gitignore excludes. */
  withIgnored: z.boolean().default(false),
})
export type SearchQuery = z.infer<typeof SearchQuerySchema>

/** Where a match is in a file: `line:column`, both as in `SearchMatch`. */
export const MatchKeySchema = z.string().regex(/^\d{1,12}:\d{1,12}$/)

export const SearchMatchSchema = z.object({
  /** From 1. */
  line: z.number().int(),
  /** Bytes of the line before it. */
  column: z.number().int(),
  /** UTF-16 units of the line before it. */
  character: z.number().int(),
  /** The part of the line around it. */
  text: z.string(),
  /** In `text`, UTF-16 units. */
  start: z.number().int(),
  end: z.number().int(),
})
export type SearchMatch = z.infer<typeof SearchMatchSchema>

/** The same file may come in several messages. */
export const SearchMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('found'), files: z.array(z.object({ path: FilePathSchema, matches: z.array(SearchMatchSchema) })) }),
  /** The end. `truncated`: there are more matches than were asked for. */
  z.object({ kind: z.literal('done'), matches: z.number().int(), files: z.number().int(), truncated: z.boolean() }),
])
export type SearchMessage = z.infer<typeof SearchMessageSchema>

export const ReplacePreviewSchema = z.object({
  path: FilePathSchema,
  /** SHA-256 of the file it was made from; `replace` takes it to change that content only. */
  hash: z.string(),
  before: z.string(),
  after: z.string(),
  matches: z.number().int(),
})
export type ReplacePreview = z.infer<typeof ReplacePreviewSchema>

/** What each match of a file would become, the first characters of it. */
export const MadeSchema = z.object({ line: z.number().int(), column: z.number().int(), text: z.string() })

export const ReplaceResultSchema = z.object({
  /** For undoing it while Trestle runs; later the checkpoint does it. */
  id: IdSchema,
  checkpointId: IdSchema,
  sessionId: IdSchema,
  replaced: z.array(z.object({ path: FilePathSchema, matches: z.number().int() })),
  /** Left as they are, with the reason. */
  failed: z.array(z.object({ path: FilePathSchema, reason: z.string() })),
})
export type ReplaceResult = z.infer<typeof ReplaceResultSchema>

const ById = z.object({ id: IdSchema })
const ReplacementSchema = z.string().max(100_000)
const tags = ['files']

export const findInFiles = {
  run: oc.route({ method: 'POST', path: '/workspaces/{id}/search', tags, summary: 'Search the text of the folder, as server-sent events; ending the request ends the search' })
    .input(ById.extend({ query: SearchQuerySchema, limit: z.number().int().min(1).max(20_000).default(10_000) })).output(eventIterator(SearchMessageSchema)),
  preview: oc.route({ method: 'POST', path: '/workspaces/{id}/search/preview', tags, summary: 'What replacing would make of one file' })
    .input(ById.extend({ query: SearchQuerySchema, replacement: ReplacementSchema, path: FilePathSchema, exclude: z.array(MatchKeySchema).max(20_000).default([]) }))
    .output(ReplacePreviewSchema),
  replacements: oc.route({ method: 'POST', path: '/workspaces/{id}/search/replacements', tags, summary: 'What each match of one file would become' })
    .input(ById.extend({ query: SearchQuerySchema, replacement: ReplacementSchema, path: FilePathSchema })).output(z.object({ items: z.array(MadeSchema) })),
  replace: oc.route({ method: 'POST', path: '/workspaces/{id}/search/replace', tags,
    summary: 'Replace matches, each file in one step and only where the matches still are; a checkpoint is taken first' })
    .input(ById.extend({
      query: SearchQuerySchema, replacement: ReplacementSchema,
      /** `matches`: these must still be there, and only these are replaced. `hash`: of the preview that was seen. */
      files: z.array(z.object({ path: FilePathSchema, matches: z.array(MatchKeySchema).min(1).max(20_000), hash: z.string().max(64).nullable().default(null) })).min(1).max(5_000),
      /** Whose timeline the checkpoint is in; else the session of the workspace that was used last, or a new one. */
      sessionId: IdSchema.optional(),
    })).output(ReplaceResultSchema),
  undo: oc.route({ method: 'POST', path: '/replacements/{id}/undo', tags, summary: 'Undo a replacement in all files that have not been changed since' })
    .input(ById).output(z.object({ restored: z.array(FilePathSchema), failed: z.array(z.object({ path: FilePathSchema, reason: z.string() })) })),
}
