import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, TimestampSchema } from './common'

export const SystemInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'headless']),
  platform: z.string(),
  /** Whether the host can show a folder picker of the system; the window offers its own where not. */
  folderPicker: z.boolean(),
  /** Whether Trestle can start itself anew. */
  restart: z.boolean(),
  /** Where keys are kept: `keychain`, or `session` (in memory) when the machine has none. */
  secrets: z.enum(['keychain', 'session']),
  /** What a person should know about this start: a restored backup, an unclean stop. */
  notices: z.array(z.object({ id: IdSchema, level: z.enum(['info', 'warning', 'error']), text: z.string() })),
})
export type SystemInfo = z.infer<typeof SystemInfoSchema>
export type Notice = SystemInfo['notices'][number]

/** Nothing in it is private: no names, paths, addresses, messages or keys. A person may give it away. */
export const DiagnosticsSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'headless']),
  platform: z.string(),
  /** Of what it runs on: Node, and Electron and Chromium where they are there. */
  versions: z.record(z.string(), z.string()),
  startedAt: TimestampSchema,
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), note: z.string() })),
  counts: z.record(z.string(), z.number().int()),
  /** The last warnings and errors of the log, by name alone. */
  recentErrors: z.array(z.object({ at: TimestampSchema, level: z.enum(['warning', 'error']), event: z.string(), error: z.string().nullable() })),
})
export type Diagnostics = z.infer<typeof DiagnosticsSchema>

export const ArtifactSchema = z.object({ id: IdSchema, bytes: z.number().int(), offset: z.number().int(), text: z.string(), nextOffset: z.number().int().nullable() })
export type Artifact = z.infer<typeof ArtifactSchema>

export const system = {
  info: oc.route({ method: 'GET', path: '/system', tags: ['system'] }).input(EmptySchema).output(SystemInfoSchema),
  dismissNotice: oc.route({ method: 'POST', path: '/system/notices/{id}/dismiss', tags: ['system'] })
    .input(z.object({ id: IdSchema })).output(EmptySchema),
  diagnostics: oc.route({ method: 'GET', path: '/system/diagnostics', tags: ['system'], summary: 'Versions, health and the last errors, without anything private' })
    .input(EmptySchema).output(DiagnosticsSchema),
  restart: oc.route({ method: 'POST', path: '/system/restart', tags: ['system'], summary: 'Stop in order and start anew; turns at work are interrupted and can be resumed' })
    .input(EmptySchema).output(EmptySchema),
  pickFolder: oc.route({ method: 'POST', path: '/system/pick-folder', tags: ['system'], summary: 'Ask with the folder picker of the system, where the host has one' })
    .input(EmptySchema).output(z.object({ path: z.string().nullable() })),
}

export const artifacts = {
  read: oc.route({ method: 'GET', path: '/artifacts/{id}', tags: ['artifacts'], summary: 'The whole of an output that was cut, by page (bytes)' })
    .input(z.object({ id: IdSchema, offset: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(1_000_000).default(200_000) }))
    .output(ArtifactSchema),
}
