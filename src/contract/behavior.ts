import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, PageInputSchema, pageOf, TimestampSchema } from './common'

export const MAX_RULES = 100
/** Of all rules of one profile: they are sent with every call. */
export const MAX_RULES_CHARS = 8_000

/** Names what a rule is about, so that another one about the same can take its place: `tests`, `answer.length`. */
export const RuleKeySchema = z.string().trim().regex(/^[a-z0-9][a-z0-9._-]{0,59}$/, 'A key has small letters, digits, dots, dashes and underscores: answer.length')

/** Shapes how agents work and answer. Rules are told to the model; they never give or take permissions. */
export const BehaviorRuleSchema = z.object({
  key: RuleKeySchema.optional(),
  text: z.string().trim().min(1).max(1_000),
  enabled: z.boolean().default(true),
})
export type BehaviorRule = z.infer<typeof BehaviorRuleSchema>

/** `user`: everywhere. `workspace`: in one folder. `agent`: by agents of one template (`general` unless a task says another). */
export const BehaviorScopeSchema = z.enum(['user', 'workspace', 'agent'])
export type BehaviorScope = z.infer<typeof BehaviorScopeSchema>

/** Whose rules: `target` is the id of the workspace or the name of the template, and null for the user. */
const placeShape = { scope: BehaviorScopeSchema, target: z.string().min(1).max(80).nullable().default(null) }
export const BehaviorPlaceSchema = z.object(placeShape)
export type BehaviorPlace = z.infer<typeof BehaviorPlaceSchema>

/**
 * `append`: at the end; `replace`: instead of all that are there; `override`: instead of those with the same key, at the end where there is
 * none; `remove`: takes away those with the key, or without a key the same text.
 */
export const BehaviorStrategySchema = z.enum(['append', 'replace', 'override', 'remove'])
export type BehaviorStrategy = z.infer<typeof BehaviorStrategySchema>

export const BehaviorProfileSchema = z.object({
  ...placeShape,
  /** 0: nothing was ever set. */
  version: z.number().int(),
  rules: z.array(BehaviorRuleSchema),
  updatedAt: TimestampSchema.nullable(),
})
export type BehaviorProfile = z.infer<typeof BehaviorProfileSchema>

/**
 * What does not go together. `duplicate`: there already, not added again. `key_taken`: another rule has the key; it stays, the new one was
 * not added. `not_found`: nothing to remove. `outranked`: a rule of a narrower profile has the same key and counts in its place.
 * `outranks`: this one counts in place of one of a broader profile.
 */
export const BehaviorConflictSchema = z.object({
  kind: z.enum(['duplicate', 'key_taken', 'not_found', 'outranked', 'outranks']),
  rule: BehaviorRuleSchema,
  /** The rule that it does not go together with. */
  other: BehaviorRuleSchema.extend(placeShape).nullable(),
  message: z.string(),
})
export type BehaviorConflict = z.infer<typeof BehaviorConflictSchema>

export const BehaviorDiffSchema = z.object({
  added: z.array(BehaviorRuleSchema),
  removed: z.array(BehaviorRuleSchema),
  changed: z.array(z.object({ before: BehaviorRuleSchema, after: BehaviorRuleSchema })),
  /** The same rules stand in another order. */
  moved: z.boolean(),
})
export type BehaviorDiff = z.infer<typeof BehaviorDiffSchema>

/** A version never changes and is never removed. */
export const BehaviorVersionSchema = z.object({
  ...placeShape,
  version: z.number().int(),
  rules: z.array(BehaviorRuleSchema),
  /** `restore`: a checkpoint, or an earlier version, was taken back. */
  by: z.enum(['person', 'agent', 'script', 'restore']),
  cause: z.string(),
  /** Where an agent proposed it. */
  sessionId: IdSchema.nullable(),
  runId: IdSchema.nullable(),
  at: TimestampSchema,
})
export type BehaviorVersion = z.infer<typeof BehaviorVersionSchema>

/** A rule that counts. */
export const EffectiveRuleSchema = BehaviorRuleSchema.omit({ enabled: true }).extend(placeShape)
export type EffectiveRule = z.infer<typeof EffectiveRuleSchema>

export const EffectiveBehaviorSchema = z.object({
  rules: z.array(EffectiveRuleSchema),
  /** The part of the instructions that the model is sent; empty without rules. */
  text: z.string(),
  tokens: z.number().int(),
})
export type EffectiveBehavior = z.infer<typeof EffectiveBehaviorSchema>

export const AdjustBehaviorSchema = z.object({
  ...placeShape,
  strategy: BehaviorStrategySchema,
  rules: z.array(BehaviorRuleSchema).max(MAX_RULES),
  /** Why, for the history. */
  cause: z.string().trim().max(300).default(''),
  /** The version it was thought for; another one by now is a conflict. */
  version: z.number().int().optional(),
  /** Says what would happen; nothing is changed. */
  preview: z.boolean().default(false),
})
export type AdjustBehavior = z.infer<typeof AdjustBehaviorSchema>

export const AdjustedBehaviorSchema = z.object({
  /** As it is now, or in a preview as it would be. */
  profile: BehaviorProfileSchema,
  diff: BehaviorDiffSchema,
  conflicts: z.array(BehaviorConflictSchema),
})
export type AdjustedBehavior = z.infer<typeof AdjustedBehaviorSchema>

const tags = ['behavior']

export const behavior = {
  list: oc.route({ method: 'GET', path: '/behavior', tags, summary: 'The profiles of rules: of the user, of folders, of agent templates' })
    .input(EmptySchema).output(z.object({ items: z.array(BehaviorProfileSchema) })),
  get: oc.route({ method: 'GET', path: '/behavior/profile', tags, summary: 'One profile; without rules where none were set' })
    .input(BehaviorPlaceSchema).output(BehaviorProfileSchema),
  effective: oc.route({ method: 'GET', path: '/behavior/effective', tags, summary: 'The rules that count in a folder for a template, as the next model call gets them' })
    .input(z.object({ workspaceId: IdSchema.optional(), template: z.string().min(1).max(80).default('general') })).output(EffectiveBehaviorSchema),
  adjust: oc.route({ method: 'POST', path: '/behavior/adjust', tags,
    summary: 'Change the rules of a profile: append, replace, override by key, remove. Counts from the next model call on; conflicts are reported' })
    .input(AdjustBehaviorSchema).output(AdjustedBehaviorSchema),
  history: oc.route({ method: 'GET', path: '/behavior/history', tags, summary: 'The versions of a profile, newest first' })
    .input(PageInputSchema.extend(placeShape)).output(pageOf(BehaviorVersionSchema)),
  diff: oc.route({ method: 'GET', path: '/behavior/diff', tags, summary: 'What changed between two versions of a profile; version 0 is empty' })
    .input(BehaviorPlaceSchema.extend({ from: z.coerce.number().int().nonnegative(), to: z.coerce.number().int().nonnegative() })).output(BehaviorDiffSchema),
  revert: oc.route({ method: 'POST', path: '/behavior/revert', tags, summary: 'Make the rules as they were in an earlier version, as a new version' })
    .input(BehaviorPlaceSchema.extend({ version: z.number().int().nonnegative() })).output(AdjustedBehaviorSchema),
}
