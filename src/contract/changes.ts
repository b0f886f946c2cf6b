import { oc } from '@orpc/contract'
import { z } from 'zod'
import { RestoreChoiceSchema, RestoreResultSchema } from './checkpoints'
import { IdSchema } from './common'
import { FileChangeSchema, FileDiffSchema, FilePathSchema } from './file-changes'

export const UncommittedSchema = z.object({
  /** `none`: no repository, or git is not installed. `untrusted`: git is not asked in a folder that is not trusted. */
  state: z.enum(['repository', 'none', 'untrusted']),
  branch: z.string().nullable(),
  /** From the last commit to now. */
  items: z.array(FileChangeSchema),
  /** More changed than `items` holds. */
  truncated: z.boolean(),
})
export type Uncommitted = z.infer<typeof UncommittedSchema>

const tags = ['changes']
const ById = z.object({ id: IdSchema })

export const changes = {
  uncommitted: oc.route({ method: 'GET', path: '/sessions/{id}/changes/uncommitted', tags,
    summary: 'What differs from the last commit in the folder of a session; git only reads, and runs nothing of the folder' })
    .input(ById).output(UncommittedSchema),
  uncommittedFile: oc.route({ method: 'GET', path: '/sessions/{id}/changes/uncommitted/file', tags,
    summary: 'One of these files, from now back to the last commit: both texts and the hunks' })
    .input(ById.extend({ path: FilePathSchema })).output(FileDiffSchema),
  revertUncommitted: oc.route({ method: 'POST', path: '/sessions/{id}/changes/uncommitted/revert', tags,
    summary: 'Bring files, or hunks of them, back to the last commit; a checkpoint is taken first, and `undo` brings them back' })
    .input(ById.extend({ paths: z.array(FilePathSchema).min(1).max(200), hunks: RestoreChoiceSchema.shape.hunks })).output(RestoreResultSchema),
}
