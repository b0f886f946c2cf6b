import { z } from 'zod'
import { ModelIdSchema, ModeSchema } from './common'

export const TemplateNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Small letters, digits and dashes')

/** Of one agent. Null: no limit of its own; the limits of a turn count all the same. */
export const AgentLimitsSchema = z.object({
  maxSteps: z.number().int().min(1).max(10_000).nullable().default(null).meta({ title: 'Steps', description: 'Empty: as any turn.' }),
  maxMinutes: z.number().positive().max(24 * 60).nullable().default(null).meta({ title: 'Minutes', description: 'Empty: as any turn.' }),
  maxTokens: z.number().int().positive().nullable().default(null).meta({ title: 'Tokens', description: 'Empty: as any turn.' }),
  maxCostUsd: z.number().positive().nullable().default(null).meta({ title: 'US dollars', description: 'Empty: as any turn.' }),
})
export type AgentLimits = z.infer<typeof AgentLimitsSchema>

const noLimits: AgentLimits = { maxSteps: null, maxMinutes: null, maxTokens: null, maxCostUsd: null }

/** What kind of agent works: what it is told, which tools it has, and how far it may go. */
export const AgentTemplateSchema = z.object({
  name: TemplateNameSchema.meta({ title: 'Name', description: 'Small letters, digits and dashes. That of a built-in one replaces it.' }),
  title: z.string().trim().min(1).max(80).meta({ title: 'Title' }),
  description: z.string().trim().max(500).default('').meta({ title: 'When to use it', description: 'Agents that start agents read it too.' }),
  instructions: z.string().trim().max(20_000).default('').meta({ title: 'Instructions', description: 'What it is told besides its work.', long: true }),
  /** Null: all that its mode allows. */
  tools: z.array(z.string().min(1).max(100)).max(200).nullable().default(null).meta({ title: 'Tools', description: 'Empty: all that its mode allows.' }),
  /** Null: that of whoever starts it. */
  model: ModelIdSchema.nullable().default(null).meta({ title: 'Model', description: 'Empty: that of whoever starts it.' }),
  /** The most that it may do; null: that of whoever starts it. */
  mode: ModeSchema.nullable().default(null).meta({
    title: 'Mode', description: 'The most that it may do, and never more than whoever starts it.', choices: { ask: 'Ask', 'auto-edit': 'Auto-edit', 'sandboxed-auto': 'Sandboxed auto', plan: 'Plan: reading only' },
  }),
  limits: AgentLimitsSchema.default(noLimits),
})
export type AgentTemplate = z.infer<typeof AgentTemplateSchema>

export const AgentSettingsSchema = z.object({
  maxParallel: z.number().int().min(1).max(20).default(3).meta({ title: 'Agents of one agent at the same time', description: 'More wait for their place.' }),
  /** The person's own, besides the built-in ones. */
  templates: z.array(AgentTemplateSchema).max(100).default([]),
})
export type AgentSettings = z.infer<typeof AgentSettingsSchema>
