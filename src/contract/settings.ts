import { oc } from '@orpc/contract'
import { z } from 'zod'
import { AgentSettingsSchema } from './agent-templates'
import { KeysSchema } from './commands'
import { EmptySchema, ModelIdSchema, ModeSchema } from './common'
import { AuditSettingsSchema } from './audit'
import { GuardrailSettingsSchema } from './guardrails'
import { RetentionRuleSchema } from './memory'

/** Letters, digits and dashes: becomes the first part of model ids. */
export const ProviderIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
const BaseUrlSchema = z.url({ protocol: /^https?$/ }).max(500)

/** `title`, `description` and `choices` (words for the values) are what the settings of the window show. */
export const LimitsSchema = z.object({
  maxSteps: z.number().int().min(1).max(10_000).default(50).meta({ title: 'Steps', description: 'Model calls and tool calls of one turn.' }),
  maxDepth: z.number().int().min(0).max(10).default(3).meta({ title: 'Depth', description: 'How many levels of agents may start agents.' }),
  maxMinutes: z.number().positive().max(24 * 60).default(30).meta({ title: 'Minutes', description: 'Longest time of one turn.' }),
  maxTokens: z.number().int().positive().nullable().default(null).meta({ title: 'Tokens', description: 'Of one turn, in and out. Empty: no limit.' }),
  maxCostUsd: z.number().positive().nullable().default(null).meta({ title: 'US dollars', description: 'Of one turn. Empty: no limit.' }),
})
export type Limits = z.infer<typeof LimitsSchema>

export const CheckpointSettingsSchema = z.object({
  automatic: z.boolean().default(true)
    .meta({ title: 'Take checkpoints before and after turns, and before commands', description: 'Off, only restores and named ones take a checkpoint.' }),
  maxFileMegabytes: z.number().int().min(1).max(1000).default(50).meta({ title: 'Megabytes of one file', description: 'Larger ones are not covered.' }),
  maxFiles: z.number().int().min(100).max(1_000_000).default(200_000).meta({ title: 'Files of one folder', description: 'More are not covered.' }),
  /** Pinned checkpoints stay even beyond it. */
  maxStoreGigabytes: z.number().min(0.1).max(10_000).default(5).meta({ title: 'Gigabytes', description: 'Of the whole store.' }),
  maxAgeDays: z.number().int().min(1).max(3650).default(30).meta({ title: 'Days', description: 'Older files are let go.' }),
})
export type CheckpointSettings = z.infer<typeof CheckpointSettingsSchema>

export const TaskSettingsSchema = z.object({
  maxConcurrent: z.number().int().min(1).max(100).default(3).meta({ title: 'Tasks at the same time', description: 'More wait for their place.' }),
  maxPerWorkspace: z.number().int().min(1).max(100).default(3).meta({ title: 'Of one folder at the same time' }),
  maxFolderDayUsd: z.number().positive().nullable().default(null)
    .meta({ title: 'US dollars of one folder in 24 hours', description: 'Conversations count too, and stop there too. Empty: no limit.' }),
  maxDayUsd: z.number().positive().nullable().default(null)
    .meta({ title: 'US dollars of everything in 24 hours', description: 'Tasks and conversations of all folders. Empty: no limit.' }),
  maxScheduleDayUsd: z.number().positive().nullable().default(null)
    .meta({ title: 'US dollars of one schedule in 24 hours', description: 'Empty: no limit.' }),
  maxOpen: z.number().int().min(10).max(100_000).default(10_000).meta({ title: 'Open tasks', description: 'More are refused.' }),
})
export type TaskSettings = z.infer<typeof TaskSettingsSchema>

export const LearningSettingsSchema = z.object({
  recall: z.boolean().default(true).meta({ title: 'Agents use the memory', description: 'What fits a message is sent along with it, and shown under the answer.' }),
  contextTokens: z.number().int().min(100).max(100_000).default(1_500).meta({ title: 'Tokens of memory in a call', description: 'More is not sent along.' }),
  learn: z.enum(['model', 'rules', 'off']).default('model').meta({
    title: 'Learn from turns that ended',
    description: 'In the background, within the budget below.',
    choices: { model: 'By the model of the turn, and by rules', rules: 'By rules alone: “remember that …”, “I prefer …”', off: 'Off' },
  }),
  maxTokensPerDay: z.number().int().min(0).max(100_000_000).default(50_000).meta({ title: 'Tokens to learn with in 24 hours', description: 'Beyond them, by rules alone.' }),
  review: z.enum(['untrusted', 'user', 'all']).default('untrusted').meta({
    title: 'You review before it counts',
    choices: { untrusted: 'What is about you and may come from files, pages or tools', user: 'Everything about you', all: 'Everything that agents note' },
  }),
  sentiment: z.boolean().default(false).meta({
    title: 'Notes are tagged with how you felt about it',
    description: 'The model that learns from turns tags facts of your work with sentiment: positive, neutral or negative. Only where you said it in your own words, and never in a turn with something private in it.',
  }),
})
export type LearningSettings = z.infer<typeof LearningSettingsSchema>
export const MemorySettingsSchema = z.object({
  embeddingModel: ModelIdSchema.nullable().default(null)
    .meta({ title: 'Embedding model', description: 'As provider/model, for instance openai/text-embedding-3-small. Finds by meaning. Empty: by words alone.' }),
  sendSensitive: z.boolean().default(false)
    .meta({ title: 'Sensitive items may be sent to providers', description: 'To the embedding model and to models that answer. Off, they stay on this machine.' }),
  retention: z.array(RetentionRuleSchema).max(50).default([]),
})
export type MemorySettings = z.infer<typeof MemorySettingsSchema>

const HostSchema = z.string().trim().toLowerCase().max(260).regex(/^(\*\.)?[a-z0-9._-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/, 'a host, such as docs.example.org or *.example.org')

export const WebSettingsSchema = z.object({
  allowedHosts: z.array(HostSchema).max(500).default([])
    .meta({ title: 'Read without asking', description: 'Servers that agents may read pages from. *.example.org stands for every name below it.' }),
  /** Exact names: a pattern could hold more than was meant. */
  privateHosts: z.array(HostSchema.refine((host) => !host.startsWith('*'), 'one host, not a pattern')).max(100).default([])
    .meta({ title: 'On this machine and in its networks', description: 'Such as localhost:3000. Everything there that is not listed is out of reach.' }),
  search: z.enum(['none', 'searxng', 'brave']).default('none')
    .meta({ title: 'Search', choices: { none: 'None', searxng: 'SearXNG', brave: 'Brave, or what answers like it' } }),
  searchUrl: BaseUrlSchema.nullable().default(null)
    .meta({ title: 'Address of the search', description: 'Of your SearXNG. For Brave it may stay empty.' }),
})
export type WebSettings = z.infer<typeof WebSettingsSchema>

export const McpServerSettingsSchema = z.object({
  access: z.enum(['off', 'read', 'act']).default('off').meta({
    title: 'Other MCP clients may', description: 'They start “trestle mcp”. None of them deletes, restores, approves or allows anything.',
    choices: { off: 'Nothing', read: 'Read sessions, tasks, memory and checkpoints', act: 'Also start sessions that ask, add tasks, notes and checkpoints' },
  }),
  /** Clients that may less than the others. A client says itself what it is called, so a name never opens anything. */
  narrowed: z.array(z.object({ name: z.string().min(1).max(40), access: z.enum(['off', 'read']) })).max(100).default([]),
})
export type McpServerSettings = z.infer<typeof McpServerSettingsSchema>

export const SecretSettingsSchema = z.object({
  found: z.enum(['ask', 'leave-out', 'send']).default('ask').meta({
    title: 'When something that is about to be sent to a model looks like a key or a password',
    description: 'In messages, attached files and results of tools. In tasks, where nobody is there to ask, it is left out.',
    choices: { ask: 'Hold it and ask', 'leave-out': 'Leave it out', send: 'Send it' },
  }),
  personal: z.enum(['ask', 'leave-out', 'placeholders', 'send']).default('send').meta({
    title: 'When it has personal details', description: 'E-mail addresses, phone numbers, IP addresses. Card numbers and bank accounts count as keys.',
    choices: { ask: 'Hold them and ask', 'leave-out': 'Leave them out', placeholders: 'Send placeholders; answers and calls have the real ones again', send: 'Send them' },
  }),
  leaveOutIn: z.array(z.string().min(1).max(4096)).max(500).default([])
    .meta({ title: 'Folders in which it is always left out', description: '“Always leave out here” adds to it.' }),
})
export type SecretSettings = z.infer<typeof SecretSettingsSchema>

export const RequestSettingsSchema = z.object({
  parkAfterMinutes: z.number().int().min(1).max(60 * 24 * 30).nullable().default(60)
    .meta({ title: 'Minutes until a question is parked', description: 'It stays open and nothing is decided; it says since when nobody has answered. Empty: never.' }),
})
export type RequestSettings = z.infer<typeof RequestSettingsSchema>

export const AppearanceSchema = z.object({
  density: z.enum(['comfortable', 'compact']).default('comfortable')
    .meta({ title: 'Density', choices: { comfortable: 'Comfortable', compact: 'Compact' } }),
  textPercent: z.number().int().min(80).max(200).default(100).meta({ title: 'Text size', description: 'In percent, of everything in the window.' }),
  codePixels: z.number().int().min(9).max(32).default(13).meta({ title: 'Code size', description: 'In pixels: code, diffs, the editor and the terminal.' }),
  motion: z.enum(['system', 'reduced']).default('system').meta({ title: 'Motion', choices: { system: 'Like the system', reduced: 'As little as possible' } }),
})
export type Appearance = z.infer<typeof AppearanceSchema>

export const NotificationSettingsSchema = z.object({
  needsYou: z.boolean().default(true).meta({ title: 'An agent needs you', description: 'It asks something, or waits for your approval.' }),
  finished: z.boolean().default(true).meta({ title: 'A turn is finished' }),
  failed: z.boolean().default(true).meta({ title: 'A turn failed' }),
  alerts: z.boolean().default(true).meta({ title: 'Trestle itself is in trouble', description: 'Its data was damaged, say, or could not be backed up.' }),
})
export type NotificationSettings = z.infer<typeof NotificationSettingsSchema>

export const DesktopSettingsSchema = z.object({
  closeToTray: z.boolean().default(false)
    .meta({ title: 'Go on in the tray when the last window is closed', description: 'Off, closing the last window ends Trestle.' }),
  quickPromptKeys: KeysSchema.nullable().default('Mod+Shift+Space')
    .meta({ title: 'Shortcut of the quick prompt', description: 'Works while any app is in front. Press the keys here; Backspace takes them away.', keys: true }),
  updateFeed: BaseUrlSchema.nullable().default(null)
    .meta({ title: 'Address of updates', description: 'Where new versions are looked for. Empty: nothing is looked for.' }),
})
export type DesktopSettings = z.infer<typeof DesktopSettingsSchema>

export const CompatibleProviderSchema = z.object({
  id: ProviderIdSchema,
  name: z.string().min(1).max(80),
  baseUrl: BaseUrlSchema,
  /** Models typed in by hand, for servers that do not list theirs. */
  models: z.array(z.string().min(1).max(200)).default([]),
})
export type CompatibleProvider = z.infer<typeof CompatibleProviderSchema>

export const SettingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark', 'contrast-light', 'contrast-dark']).default('system').meta({
    title: 'Theme',
    choices: { system: 'Like the system', light: 'Light', dark: 'Dark', 'contrast-light': 'High contrast, light', 'contrast-dark': 'High contrast, dark' },
  }),
  defaultModel: ModelIdSchema.nullable().default(null),
  defaultMode: ModeSchema.default('ask').meta({
    title: 'Default mode',
    choices: { ask: 'Ask: reading runs, everything else asks', 'auto-edit': 'Auto-edit: edits in the folder run too', 'sandboxed-auto': 'Sandboxed auto: commands inside the sandbox run too', plan: 'Plan: reading only' },
  }),
  openaiBaseUrl: BaseUrlSchema.nullable().default(null),
  anthropicBaseUrl: BaseUrlSchema.nullable().default(null),
  /** OpenAI-compatible servers, local or remote. */
  compatible: z.array(CompatibleProviderSchema).max(50).default([]),
  demo: z.boolean().default(false),
  limits: LimitsSchema.default(LimitsSchema.parse({})),
  maxConcurrentRuns: z.number().int().min(1).max(100).default(8)
    .meta({ title: 'Turns at the same time', description: 'Of all sessions. More wait for their place.' }),
  tasks: TaskSettingsSchema.default(TaskSettingsSchema.parse({})),
  agents: AgentSettingsSchema.default(AgentSettingsSchema.parse({})),
  web: WebSettingsSchema.default(WebSettingsSchema.parse({})),
  guardrails: GuardrailSettingsSchema.default(GuardrailSettingsSchema.parse({})),
  audit: AuditSettingsSchema.default(AuditSettingsSchema.parse({})),
  mcpServer: McpServerSettingsSchema.default(McpServerSettingsSchema.parse({})),
  requests: RequestSettingsSchema.default(RequestSettingsSchema.parse({})),
  secrets: SecretSettingsSchema.default(SecretSettingsSchema.parse({})),
  checkpoints: CheckpointSettingsSchema.default(CheckpointSettingsSchema.parse({})),
  learning: LearningSettingsSchema.default(LearningSettingsSchema.parse({})),
  memory: MemorySettingsSchema.default(MemorySettingsSchema.parse({})),
  /** By command: its shortcuts instead of the default ones; an empty list takes them away. */
  shortcuts: z.record(z.string().max(80), z.array(KeysSchema).max(4)).default({}),
  appearance: AppearanceSchema.default(AppearanceSchema.parse({})),
  notifications: NotificationSettingsSchema.default(NotificationSettingsSchema.parse({})),
  desktop: DesktopSettingsSchema.default(DesktopSettingsSchema.parse({})),
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
  tasks: TaskSettingsSchema.optional(),
  agents: AgentSettingsSchema.optional(),
  web: WebSettingsSchema.optional(),
  guardrails: GuardrailSettingsSchema.optional(),
  audit: AuditSettingsSchema.optional(),
  mcpServer: McpServerSettingsSchema.optional(),
  requests: RequestSettingsSchema.optional(),
  secrets: SecretSettingsSchema.optional(),
  checkpoints: CheckpointSettingsSchema.optional(),
  learning: LearningSettingsSchema.optional(),
  memory: MemorySettingsSchema.optional(),
  shortcuts: SettingsSchema.shape.shortcuts.unwrap().optional(),
  appearance: AppearanceSchema.optional(),
  notifications: NotificationSettingsSchema.optional(),
  desktop: DesktopSettingsSchema.optional(),
})
export type SettingsPatch = z.infer<typeof SettingsPatchSchema>

/** Why `settings.json` does not count as it is now. Lines and columns begin at 1. */
export const SettingsProblemSchema = z.object({ message: z.string(), line: z.number().int(), column: z.number().int() })
export type SettingsProblem = z.infer<typeof SettingsProblemSchema>

export const SettingsFileSchema = z.object({
  /** The file in the profile. It may be edited by hand and has comments; keys and other secrets have no place in it. */
  path: z.string(),
  /** The last good version stays in force until this is put right; null: the file counts. */
  problem: SettingsProblemSchema.nullable(),
  /** Keys in the file that this version does not know. They are kept. */
  unknown: z.array(z.string()),
})
export type SettingsFileState = z.infer<typeof SettingsFileSchema>

export const settings = {
  get: oc.route({ method: 'GET', path: '/settings', tags: ['settings'] }).input(EmptySchema).output(SettingsSchema),
  put: oc.route({ method: 'PUT', path: '/settings', tags: ['settings'], summary: 'Change settings; keys left out keep their value' })
    .input(SettingsPatchSchema).output(SettingsSchema),
  file: oc.route({ method: 'GET', path: '/settings/file', tags: ['settings'], summary: 'Where the settings are kept, and what is wrong with that file' })
    .input(EmptySchema).output(SettingsFileSchema),
}
