import { oc } from '@orpc/contract'
import { z } from 'zod'
import { KeysSchema } from './commands'
import { EmptySchema, ModelIdSchema, ModeSchema } from './common'

/** Letters, digits and dashes: becomes the first part of model ids. */
export const ProviderIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
const BaseUrlSchema = z.url({ protocol: /^https?$/ }).max(500)

export const LimitsSchema = z.object({
  /** Model calls and tool calls of one run. */
  maxSteps: z.number().int().min(1).max(10_000).default(50),
  maxDepth: z.number().int().min(0).max(10).default(3),
  maxMinutes: z.number().positive().max(24 * 60).default(30),
  maxTokens: z.number().int().positive().nullable().default(null),
  maxCostUsd: z.number().positive().nullable().default(null),
})
export type Limits = z.infer<typeof LimitsSchema>

export const CheckpointSettingsSchema = z.object({
  /** Before and after turns and before commands. Off, only restores and named ones take a checkpoint. */
  automatic: z.boolean().default(true),
  /** Larger files are listed as not covered. */
  maxFileMegabytes: z.number().int().min(1).max(1000).default(50),
  /** Files of one folder beyond this many are listed as not covered. */
  maxFiles: z.number().int().min(100).max(1_000_000).default(200_000),
  /** Of the whole store. Pinned checkpoints stay even beyond it. */
  maxStoreGigabytes: z.number().min(0.1).max(10_000).default(5),
  maxAgeDays: z.number().int().min(1).max(3650).default(30),
})
export type CheckpointSettings = z.infer<typeof CheckpointSettingsSchema>

export const CompatibleProviderSchema = z.object({
  id: ProviderIdSchema,
  name: z.string().min(1).max(80),
  baseUrl: BaseUrlSchema,
  /** Models typed in by hand, for servers that do not list theirs. */
  models: z.array(z.string().min(1).max(200)).default([]),
})
export type CompatibleProvider = z.infer<typeof CompatibleProviderSchema>

export const SettingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  defaultModel: ModelIdSchema.nullable().default(null),
  defaultMode: ModeSchema.default('ask'),
  openaiBaseUrl: BaseUrlSchema.nullable().default(null),
  anthropicBaseUrl: BaseUrlSchema.nullable().default(null),
  /** OpenAI-compatible servers, local or remote. */
  compatible: z.array(CompatibleProviderSchema).max(50).default([]),
  demo: z.boolean().default(false),
  limits: LimitsSchema.default(LimitsSchema.parse({})),
  /** Runs of all sessions that may work at the same time. */
  maxConcurrentRuns: z.number().int().min(1).max(100).default(8),
  checkpoints: CheckpointSettingsSchema.default(CheckpointSettingsSchema.parse({})),
  /** By command: its shortcuts instead of the default ones; an empty list takes them away. */
  shortcuts: z.record(z.string().max(80), z.array(KeysSchema).max(4)).default({}),
})
export type Settings = z.infer<typeof SettingsSchema>

/** Keys that are left out keep their value; a key that is given replaces it whole. */
export const SettingsPatchSchema = z.object({
  theme: SettingsSchema.shape.theme.unwrap().optional(),
  defaultModel: SettingsSchema.shape.defaultModel.unwrap().optional(),
  defaultMode: SettingsSchema.shape.defaultMode.unwrap().optional(),
  openaiBaseUrl: SettingsSchema.shape.openaiBaseUrl.unwrap().optional(),
  anthropicBaseUrl: SettingsSchema.shape.anthropicBaseUrl.unwrap().optional(),
  compatible: SettingsSchema.shape.compatible.unwrap().optional(),
  demo: z.boolean().optional(),
  limits: LimitsSchema.optional(),
  maxConcurrentRuns: SettingsSchema.shape.maxConcurrentRuns.unwrap().optional(),
  checkpoints: CheckpointSettingsSchema.optional(),
  shortcuts: SettingsSchema.shape.shortcuts.unwrap().optional(),
})
export type SettingsPatch = z.infer<typeof SettingsPatchSchema>

export const settings = {
  get: oc.route({ method: 'GET', path: '/settings', tags: ['settings'] }).input(EmptySchema).output(SettingsSchema),
  put: oc.route({ method: 'PUT', path: '/settings', tags: ['settings'], summary: 'Change settings; keys left out keep their value' })
    .input(SettingsPatchSchema).output(SettingsSchema),
}
