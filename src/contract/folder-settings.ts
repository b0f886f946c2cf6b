import { z } from 'zod'
import { AgentLimitsSchema } from './agent-templates'
import { ModeSchema } from './common'
import { PolicySchema } from './guardrails'
import { SettingsProblemSchema } from './settings'

/**
 * What `.trestle/settings.json` of a trusted folder may set, for those who share the folder. It only ever narrows: nothing in it lets agents do
 * more than the settings of the person do.
 */
export const FolderSettingsSchema = z.object({
  /** The most that agents may do here without asking. */
  mode: ModeSchema.nullable().default(null),
  /** The lower one counts. */
  limits: AgentLimitsSchema.default(AgentLimitsSchema.parse({})),
  /** Looked at beside those of the person. */
  policies: z.array(PolicySchema.omit({ id: true, enabled: true })).max(50).default([]),
})
export type FolderSettings = z.infer<typeof FolderSettingsSchema>

export const FolderSettingsStateSchema = z.object({
  /** `none`: there is no such file. `unread`: the folder is not trusted, so nothing of it is read. `wrong`: no agent works here until it is put right. */
  state: z.enum(['none', 'unread', 'counts', 'wrong']),
  problem: SettingsProblemSchema.nullable(),
  settings: FolderSettingsSchema.nullable(),
  /** Keys that have no place in it: they are not looked at. */
  ignored: z.array(z.string()),
})
export type FolderSettingsState = z.infer<typeof FolderSettingsStateSchema>
