import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema } from './common'

export const SystemInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'headless']),
  platform: z.string(),
  /** Whether the host can show a folder picker of the system; the window offers its own where not. */
  folderPicker: z.boolean(),
  /** Where keys are kept: `keychain`, or `session` (in memory) when the machine has none. */
  secrets: z.enum(['keychain', 'session']),
  /** What a person should know about this start: a restored backup, an unclean stop. */
  notices: z.array(z.object({ id: IdSchema, level: z.enum(['info', 'warning', 'error']), text: z.string() })),
})
export type SystemInfo = z.infer<typeof SystemInfoSchema>
export type Notice = SystemInfo['notices'][number]

export const ArtifactSchema = z.object({ id: IdSchema, bytes: z.number().int(), offset: z.number().int(), text: z.string(), nextOffset: z.number().int().nullable() })
export type Artifact = z.infer<typeof ArtifactSchema>

export const system = {
  info: oc.route({ method: 'GET', path: '/system', tags: ['system'] }).input(EmptySchema).output(SystemInfoSchema),
  dismissNotice: oc.route({ method: 'POST', path: '/system/notices/{id}/dismiss', tags: ['system'] })
    .input(z.object({ id: IdSchema })).output(EmptySchema),
  pickFolder: oc.route({ method: 'POST', path: '/system/pick-folder', tags: ['system'], summary: 'Ask with the folder picker of the system, where the host has one' })
    .input(EmptySchema).output(z.object({ path: z.string().nullable() })),
}

export const artifacts = {
  read: oc.route({ method: 'GET', path: '/artifacts/{id}', tags: ['artifacts'], summary: 'The whole of an output that was cut, by page (bytes)' })
    .input(z.object({ id: IdSchema, offset: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(1_000_000).default(200_000) }))
    .output(ArtifactSchema),
}
