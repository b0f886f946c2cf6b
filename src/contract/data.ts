import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, TimestampSchema } from './common'

export const BackupSchema = z.object({
  /** Its file name. */
  name: z.string().max(120),
  at: TimestampSchema,
  bytes: z.number().int(),
  /** Made before the database was brought to a newer version. */
  beforeUpdate: z.boolean(),
})
export type Backup = z.infer<typeof BackupSchema>

/** What is to be done at the next start, before anything is opened; until then it can be taken back. */
export const PendingActionSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('restore'), backup: z.string().max(120) }),
  z.object({ action: z.literal('erase') }),
])
export type PendingAction = z.infer<typeof PendingActionSchema>

export const ProfileDataSchema = z.object({
  /** The folder of the profile. */
  path: z.string(),
  parts: z.array(z.object({ part: z.enum(['database', 'backups', 'checkpoints', 'outputs', 'bin', 'exports', 'logs', 'other']), bytes: z.number().int() })),
  /** Newest first. */
  backups: z.array(BackupSchema),
  pending: PendingActionSchema.nullable(),
})
export type ProfileData = z.infer<typeof ProfileDataSchema>

export const ExportSchema = z.object({ path: z.string(), bytes: z.number().int(), sessions: z.number().int() })
export type ProfileExport = z.infer<typeof ExportSchema>

export const ERASE_WORDS = 'erase everything'

const tags = ['data']
const base = '/data'

export const data = {
  get: oc.route({ method: 'GET', path: base, tags, summary: 'What the profile takes on this disk, its backups, and what the next start will do' })
    .input(EmptySchema).output(ProfileDataSchema),
  backUp: oc.route({ method: 'POST', path: `${base}/backups`, successStatus: 201, tags, summary: 'Make a verified backup of the database now' })
    .input(EmptySchema).output(BackupSchema),
  restore: oc.route({ method: 'POST', path: `${base}/backups/{name}/restore`, tags, summary: 'Let the next start go back to a backup; the database of now is put aside' })
    .input(z.object({ name: z.string().max(120) })).output(ProfileDataSchema),
  export: oc.route({ method: 'POST', path: `${base}/export`, successStatus: 201, tags, summary: 'Write everything into a folder of the profile, as JSON and as a database; keys are not part of it' })
    .input(EmptySchema).output(ExportSchema),
  erase: oc.route({ method: 'POST', path: `${base}/erase`, tags, summary: 'Remove the keys now and everything else at the next start; opened folders are not touched' })
    .input(z.object({ confirm: z.literal(ERASE_WORDS) })).output(ProfileDataSchema),
  keep: oc.route({ method: 'DELETE', path: `${base}/pending`, tags, summary: 'Take back what the next start was to do' }).input(EmptySchema).output(ProfileDataSchema),
}
