import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { IdSchema } from './common'
import { FilePathSchema } from './file-changes'
import { BinItemSchema } from './workspaces'

/** Text files up to this size can be edited, in bytes. */
export const MOST_TEXT_BYTES = 5 * 1024 * 1024
export const MOST_IMAGE_BYTES = 10 * 1024 * 1024

/** A folder of the workspace; empty for the workspace folder itself. Names as in `FilePathSchema`. */
export const FolderPathSchema = z.string().max(16_384)

export const TreeEntrySchema = z.object({
  name: z.string(),
  /** A link is shown as itself and never followed. `other`: a pipe, socket or device. */
  kind: z.enum(['file', 'folder', 'link', 'other']),
  /** By a .gitignore file, or inside a folder that is. */
  ignored: z.boolean(),
})
export type TreeEntry = z.infer<typeof TreeEntrySchema>

export const FolderListingSchema = z.object({
  path: FolderPathSchema,
  /** Folders first, then by name. */
  entries: z.array(TreeEntrySchema),
  /** More names than `entries` holds are in the folder. */
  truncated: z.boolean(),
})
export type FolderListing = z.infer<typeof FolderListingSchema>

export const FoundFilesSchema = z.object({
  /** Best first. `positions`: the characters of the path that were matched, rising. */
  items: z.array(z.object({ path: FilePathSchema, positions: z.array(z.number().int()) })),
  /** How many files match in all. */
  matching: z.number().int(),
  /** How many files there are; those that are ignored are not counted. */
  total: z.number().int(),
  /** False while the folder is still being listed: ask again after the next `listed` change. */
  listed: z.boolean(),
  /** There are more files than are kept in the list. */
  truncated: z.boolean(),
})
export type FoundFiles = z.infer<typeof FoundFilesSchema>

/** What happened in the folder since the message before. Too much is named rather than too little. */
export const FolderChangeSchema = z.object({
  /** Everything may have changed: load it anew. The first message of a stream is one. */
  reset: z.boolean(),
  /** Folders whose names changed. */
  folders: z.array(FolderPathSchema),
  /** Files whose content, or being there, may have changed. */
  files: z.array(FilePathSchema),
  /** Git's own files changed: marks may be others. */
  git: z.boolean(),
  /** The whole folder has been listed. */
  listed: z.boolean(),
  /** False while the folder cannot be reached. */
  available: z.boolean(),
  /** Why changes are seen late, for people; null when they are seen at once. */
  trouble: z.string().nullable(),
})
export type FolderChange = z.infer<typeof FolderChangeSchema>

export const GitMarkSchema = z.enum(['modified', 'added', 'deleted', 'renamed', 'untracked', 'conflict'])
export type GitMark = z.infer<typeof GitMarkSchema>

export const GitMarksSchema = z.object({
  /** `none`: no repository, or git is not installed. `untrusted`: git is not run in a folder that is not trusted. */
  state: z.enum(['repository', 'none', 'untrusted']),
  branch: z.string().nullable(),
  /** An untracked folder stands for all that is in it and ends in a slash; `./` is the whole workspace. */
  items: z.array(z.object({ path: FilePathSchema, mark: GitMarkSchema })),
  truncated: z.boolean(),
})
export type GitMarks = z.infer<typeof GitMarksSchema>

export const FileContentSchema = z.discriminatedUnion('kind', [
  /** As it is on disk, byte order mark and line ends included. `hash`: SHA-256 of its bytes. */
  z.object({ kind: z.literal('text'), path: FilePathSchema, text: z.string(), hash: z.string(), bytes: z.number().int() }),
  z.object({ kind: z.literal('image'), path: FilePathSchema, mime: z.string(), base64: z.string(), bytes: z.number().int() }),
  z.object({ kind: z.literal('binary'), path: FilePathSchema, bytes: z.number().int() }),
  z.object({ kind: z.literal('too_large'), path: FilePathSchema, bytes: z.number().int() }),
])
export type FileContent = z.infer<typeof FileContentSchema>

const ById = z.object({ id: IdSchema })
const tags = ['files']

export const files = {
  list: oc.route({ method: 'GET', path: '/workspaces/{id}/files', tags, summary: 'What is in one folder of a workspace' })
    .input(ById.extend({ path: FolderPathSchema.default('') })).output(FolderListingSchema),
  find: oc.route({ method: 'GET', path: '/workspaces/{id}/files/find', tags, summary: 'Files by parts of their path: `fuzzy` takes characters in order, `contains` words' })
    .input(ById.extend({ query: z.string().max(500).default(''), mode: z.enum(['fuzzy', 'contains']).default('fuzzy'), limit: z.coerce.number().int().min(1).max(5_000).default(100) }))
    .output(FoundFilesSchema),
  changes: oc.route({ method: 'GET', path: '/workspaces/{id}/files/changes', tags, summary: 'What changes in the folder, as server-sent events' })
    .input(ById).output(eventIterator(FolderChangeSchema)),
  marks: oc.route({ method: 'GET', path: '/workspaces/{id}/files/git', tags, summary: 'What git says of the files; only reads, and runs nothing of the folder' })
    .input(ById).output(GitMarksSchema),
  read: oc.route({ method: 'GET', path: '/workspaces/{id}/files/content', tags, summary: 'The content of a file, as far as it can be shown' })
    .input(ById.extend({ path: FilePathSchema })).output(FileContentSchema),
  write: oc.route({ method: 'PUT', path: '/workspaces/{id}/files/content', tags,
    summary: 'Save a text file in one step, only over the content that `expectedHash` names (null: no file is there)' })
    .input(ById.extend({ path: FilePathSchema, text: z.string().max(MOST_TEXT_BYTES), expectedHash: z.string().max(64).nullable() }))
    .output(z.object({ path: FilePathSchema, hash: z.string(), bytes: z.number().int() })),
  create: oc.route({ method: 'POST', path: '/workspaces/{id}/files', successStatus: 201, tags, summary: 'A new, empty file or folder, with the folders above it' })
    .input(ById.extend({ path: FilePathSchema, kind: z.enum(['file', 'folder']) })).output(z.object({ path: FilePathSchema })),
  move: oc.route({ method: 'POST', path: '/workspaces/{id}/files/move', tags, summary: 'Rename or move; never onto something' })
    .input(ById.extend({ from: FilePathSchema, to: FilePathSchema })).output(z.object({ path: FilePathSchema })),
  remove: oc.route({ method: 'POST', path: '/workspaces/{id}/files/delete', tags, summary: 'Move a file or folder to the bin; `POST /bin/{id}/restore` brings it back' })
    .input(ById.extend({ path: FilePathSchema })).output(BinItemSchema),
  reveal: oc.route({ method: 'POST', path: '/workspaces/{id}/files/reveal', tags,
    summary: 'Show it in the file manager where the host has one; gives its path in any case' })
    .input(ById.extend({ path: FolderPathSchema })).output(z.object({ path: z.string(), shown: z.boolean() })),
}
