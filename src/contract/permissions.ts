import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, ModeSchema, TimestampSchema } from './common'

export const CapabilitySchema = z.enum(['read', 'edit', 'execute', 'network', 'memory', 'propose', 'delegate', 'tasks', 'ask', 'mcp', 'script'])
export const PermissionEffectSchema = z.enum(['allow', 'ask', 'deny'])

/**
 * What is compared: `path` (each real path, relative to the folder), `command`, `host` (each host that is to be reached), `mode`, `agent` (its template),
 * `sandboxed` (`true` or `false`), or `argument.<name>`. Of several paths or hosts a condition of an `allow` rule must hold for each, of any other for one.
 */
export const ConditionKeySchema = z.string().max(100).regex(/^(path|command|host|mode|agent|sandboxed|argument\.[\w-]+)$/, 'A condition is on path, command, host, mode, agent, sandboxed or argument.<name>')
export const ConditionSchema = z.object({
  key: ConditionKeySchema,
  /** `matches`: anchored, `*` within a name, `**` over names. */
  operator: z.enum(['equals', 'contains', 'startsWith', 'endsWith', 'matches', 'in', 'notIn']),
  value: z.union([z.string().max(2000), z.array(z.string().max(2000)).max(100)]),
}).refine(({ operator, value }) => (operator === 'in' || operator === 'notIn') === Array.isArray(value), { message: 'in and notIn take a list, the others a text' })
export type Condition = z.infer<typeof ConditionSchema>

export const NewPermissionRuleSchema = z.object({
  effect: PermissionEffectSchema,
  /** Counts everywhere, in one folder, or in one session. */
  scope: z.enum(['user', 'workspace', 'session']),
  /** The folder or the session; null everywhere. */
  targetId: IdSchema.nullable().default(null),
  /** A tool by its name, where `*` stands for any characters; null: every tool. */
  tool: z.string().trim().min(1).max(200).regex(/^[\w.*:/-]+$/, 'The name of a tool, * for any characters').nullable().default(null),
  capability: CapabilitySchema.nullable().default(null),
  conditions: z.array(ConditionSchema).max(20).default([]),
  /** Higher counts first; of equal ones deny before ask before allow. */
  priority: z.int().min(-1000).max(1000).default(0),
  expiresAt: TimestampSchema.nullable().default(null),
  note: z.string().trim().max(500).default(''),
})
export type NewPermissionRule = z.infer<typeof NewPermissionRuleSchema>

export const PermissionRuleSchema = NewPermissionRuleSchema.extend({ id: IdSchema, createdAt: TimestampSchema })
export type PermissionRule = z.infer<typeof PermissionRuleSchema>

export const ExplainInputSchema = z.object({
  tool: z.string().min(1).max(200),
  /** Left out: that of the tool. */
  capability: CapabilitySchema.optional(),
  workspaceId: IdSchema.optional(),
  sessionId: IdSchema.optional(),
  /** That of the session when left out, or `ask`. */
  mode: ModeSchema.optional(),
  paths: z.array(z.string().max(4096)).max(100).default([]),
  hosts: z.array(z.string().max(300)).max(20).default([]),
  /** The template of the agent. */
  agent: z.string().max(100).default('general'),
  arguments: z.record(z.string(), z.unknown()).default({}),
  /** Of a command; as it would be now when left out. */
  sandboxed: z.boolean().optional(),
})
export type ExplainInput = z.infer<typeof ExplainInputSchema>

export const ExplanationSchema = z.object({
  effect: PermissionEffectSchema,
  /** The name of what decided: one of the built-in rules, or `rule`. */
  rule: z.string(),
  /** The rule of yours that decided. */
  ruleId: IdSchema.nullable(),
  reason: z.string(),
  /** Rules of yours that fit as well, in the order in which they count. */
  alsoFit: z.array(IdSchema),
})
export type Explanation = z.infer<typeof ExplanationSchema>

const ById = z.object({ id: IdSchema })
const tags = ['permissions']

export const permissions = {
  list: oc.route({ method: 'GET', path: '/permissions/rules', tags, summary: 'Your rules, in the order in which they count; those that have expired are left out' })
    .input(EmptySchema).output(z.object({ items: z.array(PermissionRuleSchema) })),
  create: oc.route({ method: 'POST', path: '/permissions/rules', successStatus: 201, tags, summary: 'Add a rule; what is built in cannot be overridden by it' })
    .input(NewPermissionRuleSchema).output(PermissionRuleSchema),
  replace: oc.route({ method: 'PUT', path: '/permissions/rules/{id}', tags, summary: 'Change a rule: all of it is given' })
    .input(NewPermissionRuleSchema.extend({ id: IdSchema })).output(PermissionRuleSchema),
  remove: oc.route({ method: 'DELETE', path: '/permissions/rules/{id}', tags }).input(ById).output(EmptySchema),
  explain: oc.route({ method: 'POST', path: '/permissions/explain', tags, summary: 'What would happen if an agent made this call, and which rule says so; nothing runs' })
    .input(ExplainInputSchema).output(ExplanationSchema),
}
