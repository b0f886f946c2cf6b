import { oc } from '@orpc/contract'
import { z } from 'zod'
import { CheckpointSchema } from './checkpoints'
import { EmptySchema, IdSchema, PageInputSchema, pageOf, TimestampSchema } from './common'
import { ErrorBodySchema } from './errors'
import { FilePathSchema } from './file-changes'

export const StorageJobKindSchema = z.enum(['prune', 'compact', 'verify'])

/** One job at a time. Its progress is told by `storage.update`. */
export const StorageJobSchema = z.object({
  id: IdSchema,
  kind: StorageJobKindSchema,
  state: z.enum(['running', 'completed', 'failed']),
  /** Verify: contents read so far, files and lists of folders. The others: their own steps. */
  done: z.number().int(),
  /** Null while it is not known. */
  total: z.number().int().nullable(),
  startedAt: TimestampSchema,
  endedAt: TimestampSchema.nullable(),
  /** Prune and compact: bytes given back to the disk. */
  freedBytes: z.number().int(),
  /** Prune: checkpoints whose files were let go. */
  prunedCheckpoints: z.number().int(),
  /** Verify: contents that are damaged, and where they are used. Everything else stays restorable. */
  damaged: z.array(z.object({ hash: z.string(), path: FilePathSchema.nullable(), checkpointIds: z.array(IdSchema) })),
  error: ErrorBodySchema.nullable(),
})
export type StorageJob = z.infer<typeof StorageJobSchema>

export const StorageSchema = z.object({
  /** Of the content store on disk. */
  bytes: z.number().int(),
  /** Of it, space that is free inside the file and that `compact` gives back. */
  slackBytes: z.number().int(),
  /** Files and lists of folders, each kept once. A verify reads as many. */
  objects: z.number().int(),
  limits: z.object({ bytes: z.number().int(), days: z.number().int() }),
  workspaces: z.array(z.object({
    /** Null: workspaces that are not known any more. */
    workspaceId: IdSchema.nullable(),
    name: z.string(),
    /** What only it needs; `sharedBytes` others need too. */
    bytes: z.number().int(),
    sharedBytes: z.number().int(),
    checkpoints: z.number().int(),
    pinned: z.number().int(),
    oldestAt: TimestampSchema.nullable(),
    newestAt: TimestampSchema.nullable(),
  })),
  /** By the age of the newest checkpoint that needs it. */
  ages: z.array(z.object({ label: z.enum(['day', 'week', 'month', 'older']), bytes: z.number().int(), checkpoints: z.number().int() })),
  /** What pruning now would let go. */
  prunable: z.object({ checkpoints: z.number().int(), bytes: z.number().int() }),
  job: StorageJobSchema.nullable(),
  /** The last one of each kind that has ended. */
  lastJobs: z.array(StorageJobSchema),
})
export type Storage = z.infer<typeof StorageSchema>

/** A checkpoint that is never pruned, and where it belongs. */
export const PinSchema = CheckpointSchema.pick({ id: true, sessionId: true, workspaceId: true, kind: true, title: true, at: true, files: true }).extend({
  sessionTitle: z.string(),
  /** Null: the session has no folder, or it is not known any more. */
  workspaceName: z.string().nullable(),
})
export type Pin = z.infer<typeof PinSchema>

const tags = ['storage']
/** Answered when the job has begun; its end is told by `storage.update` and in `GET /storage`. */
const job = (path: `/${string}`, summary: string) => oc.route({ method: 'POST', path, successStatus: 202, tags, summary }).input(EmptySchema).output(StorageJobSchema)

export const storage = {
  get: oc.route({ method: 'GET', path: '/storage', tags, summary: 'What checkpoints take on disk, by workspace and age, and what pruning would free' }).input(EmptySchema).output(StorageSchema),
  pins: oc.route({ method: 'GET', path: '/storage/pins', tags, summary: 'Pinned checkpoints of all sessions, newest first; unpin them with PATCH /checkpoints/{id}' })
    .input(PageInputSchema).output(pageOf(PinSchema)),
  prune: job('/storage/prune', 'Let go of what is over the limits; pinned checkpoints stay'),
  compact: job('/storage/compact', 'Give unused space back to the disk'),
  verify: job('/storage/verify', 'Read everything and compare it with its hash'),
}
