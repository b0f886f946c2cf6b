import { oc } from '@orpc/contract'
import { z } from 'zod'
import { FolderSettingsStateSchema } from './folder-settings'
import { EmptySchema, IdSchema, TimestampSchema } from './common'

export const WorkspaceSchema = z.object({
  id: IdSchema,
  name: z.string(),
  /** Absolute real path of the folder. */
  path: z.string(),
  trusted: z.boolean(),
  /** False when the folder is gone or cannot be read. Its sessions stay. */
  available: z.boolean(),
  createdAt: TimestampSchema,
  lastOpenedAt: TimestampSchema,
})
export type Workspace = z.infer<typeof WorkspaceSchema>

/** A call that may run without asking again, made from an approval. */
export const GrantSchema = z.object({
  id: IdSchema,
  scope: z.enum(['session', 'workspace']),
  sessionId: IdSchema.nullable(),
  workspaceId: IdSchema.nullable(),
  toolName: z.string(),
  /** It holds for calls whose paths all fit it (`src/**`), for commands that begin with its words and do nothing else, or for servers of that name. Null: for all. */
  pattern: z.string().nullable(),
  /** Null: until it is taken back. */
  expiresAt: TimestampSchema.nullable(),
  createdAt: TimestampSchema,
})
export type Grant = z.infer<typeof GrantSchema>

export const BinItemSchema = z.object({
  id: IdSchema,
  workspaceId: IdSchema,
  /** Where it was, relative to the workspace. */
  path: z.string(),
  bytes: z.number().int(),
  deletedAt: TimestampSchema,
})
export type BinItem = z.infer<typeof BinItemSchema>

export const DirectoryListingSchema = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  folders: z.array(z.object({ name: z.string(), path: z.string() })),
})
export type DirectoryListing = z.infer<typeof DirectoryListingSchema>

const ById = z.object({ id: IdSchema })
const tags = ['workspaces']

export const workspaces = {
  open: oc.route({ method: 'POST', path: '/workspaces', successStatus: 201, tags, summary: 'Open a folder; the same folder is the same workspace' })
    .input(z.object({ path: z.string().min(1).max(4096) })).output(WorkspaceSchema),
  list: oc.route({ method: 'GET', path: '/workspaces', tags, summary: 'Workspaces, last opened first' })
    .input(EmptySchema).output(z.object({ items: z.array(WorkspaceSchema) })),
  get: oc.route({ method: 'GET', path: '/workspaces/{id}', tags }).input(ById).output(WorkspaceSchema),
  trust: oc.route({ method: 'POST', path: '/workspaces/{id}/trust', tags, summary: 'Trust a folder, or withdraw the trust' })
    .input(ById.extend({ trusted: z.boolean().default(true) })).output(WorkspaceSchema),
  remove: oc.route({ method: 'DELETE', path: '/workspaces/{id}', tags, summary: 'Forget a workspace without sessions; the folder is not touched' })
    .input(ById).output(EmptySchema),
  grants: oc.route({ method: 'GET', path: '/workspaces/{id}/grants', tags }).input(ById).output(z.object({ items: z.array(GrantSchema) })),
  revokeGrant: oc.route({ method: 'DELETE', path: '/grants/{id}', tags }).input(ById).output(EmptySchema),
  bin: oc.route({ method: 'GET', path: '/workspaces/{id}/bin', tags, summary: 'What agents deleted here, newest first' })
    .input(ById).output(z.object({ items: z.array(BinItemSchema) })),
  restoreFromBin: oc.route({ method: 'POST', path: '/bin/{id}/restore', tags, summary: 'Put a deleted file or folder back; refused when something is there now' })
    .input(ById).output(BinItemSchema),
  settings: oc.route({ method: 'GET', path: '/workspaces/{id}/settings', tags, summary: 'What .trestle/settings.json of a trusted folder sets: it only ever narrows what agents may do there' })
    .input(ById).output(FolderSettingsStateSchema),
  browse: oc.route({ method: 'GET', path: '/folders', tags, summary: 'Folders below a path, to pick a workspace from' })
    .input(z.object({ path: z.string().max(4096).optional() })).output(DirectoryListingSchema),
}
