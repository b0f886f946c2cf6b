import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, ModelIdSchema, ModeSchema, PageInputSchema, pageOf, TimestampSchema } from './common'
import { ErrorBodySchema } from './errors'
import { TaskBudgetSchema, TaskSourceSchema } from './tasks'

const NameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, 'A letter, then letters, digits and underscores, 40 at most')
const KeySchema = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'Letters, digits, dashes and underscores, 40 at most')
const TextSchema = z.string().max(50_000)

/** What an input, a value of a rule or a comparison is. */
export const WorkflowValueSchema = z.union([z.string().max(20_000), z.number(), z.boolean()])
export type WorkflowValue = z.infer<typeof WorkflowValueSchema>

export const WorkflowInputSchema = z.object({
  name: NameSchema,
  /** For people; empty: the name. */
  title: z.string().trim().max(200).default(''),
  kind: z.enum(['text', 'number', 'yes_no', 'choice']).default('text'),
  /** Of a choice. */
  choices: z.array(z.string().trim().min(1).max(200)).max(50).default([]),
  required: z.boolean().default(true),
  /** Taken when none is given; null: there is none. */
  default: WorkflowValueSchema.nullable().default(null),
})
export type WorkflowInput = z.infer<typeof WorkflowInputSchema>

export const ComparisonWordSchema = z.enum(['equal', 'not_equal', 'less', 'at_most', 'more', 'at_least', 'contains', 'not_contains', 'empty', 'not_empty'])
export type ComparisonWord = z.infer<typeof ComparisonWordSchema>

/** `value` names what is looked at: `amount` (an input, or what a rule set), `check.outcome` or `check.result` (of the step `check`). */
export const ComparisonSchema = z.object({ value: z.string().trim().min(1).max(100), is: ComparisonWordSchema, to: WorkflowValueSchema.default('') })
export type Comparison = z.infer<typeof ComparisonSchema>

export const ConditionSchema = z.object({ match: z.enum(['all', 'any']).default('all'), comparisons: z.array(ComparisonSchema).min(1).max(20) })
export type Condition = z.infer<typeof ConditionSchema>

/** Looked at in order, before the first step; the next ones see what it set. */
export const WorkflowRuleSchema = z.object({
  name: z.string().trim().min(1).max(200),
  /** Null: always. It sees inputs and what rules before it set. */
  when: ConditionSchema.nullable().default(null),
  then: z.discriminatedUnion('do', [
    /** A person approves before the first step. */
    z.object({ do: z.literal('require_approval'), message: TextSchema.default('') }),
    /** It is not started, with these words. */
    z.object({ do: z.literal('refuse'), message: z.string().trim().min(1).max(2_000) }),
    /** Texts may have placeholders. */
    z.object({ do: z.literal('set'), name: NameSchema, value: WorkflowValueSchema }),
  ]),
})
export type WorkflowRule = z.infer<typeof WorkflowRuleSchema>

const stepBase = {
  /** Names it for others: `{{key.result}}`. */
  key: KeySchema,
  title: z.string().trim().min(1).max(200),
  /** Keys of steps that must have ended before. A circle is refused. */
  dependsOn: z.array(KeySchema).max(50).default([]),
  /**
   * Null: once all that it waits for is done or was skipped. With a condition: if that holds then; after a step that failed only where
   * the condition speaks of the outcome of that step.
   */
  when: ConditionSchema.nullable().default(null),
}

/** Texts may have placeholders: `{{amount}}`, `{{check.result}}`, `{{check.outcome}}`. */
export const WorkflowStepSchema = z.discriminatedUnion('kind', [
  z.object({
    ...stepBase,
    kind: z.literal('task'),
    instruction: TextSchema.trim().min(1),
    template: z.string().min(1).max(80).default('general'),
    model: ModelIdSchema.nullable().default(null),
    /** Null: as the workflow was started. Never more. */
    mode: ModeSchema.nullable().default(null),
    budget: TaskBudgetSchema.default({ maxCostUsd: null, maxTokens: null, maxMinutes: null }),
    /** Its failure is no failure of the workflow, and what waits for it goes on. */
    mayFail: z.boolean().default(false),
  }),
  z.object({ ...stepBase, kind: z.literal('approval'), message: TextSchema.default('') }),
])
export type WorkflowStep = z.infer<typeof WorkflowStepSchema>

export const WorkflowBodySchema = z.object({
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(2_000).default(''),
  inputs: z.array(WorkflowInputSchema).max(50).default([]),
  rules: z.array(WorkflowRuleSchema).max(100).default([]),
  steps: z.array(WorkflowStepSchema).min(1).max(100),
  /** What it says at the end, with placeholders. */
  output: TextSchema.default(''),
})
export type WorkflowBody = z.infer<typeof WorkflowBodySchema>

export const WorkflowSchema = WorkflowBodySchema.extend({ id: IdSchema, revision: z.number().int(), createdAt: TimestampSchema, updatedAt: TimestampSchema })
export type Workflow = z.infer<typeof WorkflowSchema>

/** What is wrong, and where: `steps.2.instruction`. */
export const WorkflowProblemSchema = z.object({ path: z.string(), message: z.string() })
export type WorkflowProblem = z.infer<typeof WorkflowProblemSchema>

/**
 * `pending`: not its turn yet. `needs_you`: waits for a person's approval. `skipped`: its condition did not hold. `blocked`: something that
 * it waits for failed.
 */
export const WorkflowStepStateSchema = z.enum(['pending', 'running', 'needs_you', 'done', 'failed', 'skipped', 'blocked', 'denied', 'cancelled'])
export type WorkflowStepState = z.infer<typeof WorkflowStepStateSchema>

/** `stopping`: ended, or was told to, while tasks of it are being stopped. */
export const WorkflowRunStateSchema = z.enum(['running', 'stopping', 'completed', 'failed', 'cancelled'])
export type WorkflowRunState = z.infer<typeof WorkflowRunStateSchema>

export const WorkflowRunStepSchema = z.object({
  key: z.string(),
  kind: z.enum(['task', 'approval']),
  title: z.string(),
  state: WorkflowStepStateSchema,
  taskId: IdSchema.nullable(),
  /** Of an approval: what waits in the inbox. */
  requestId: IdSchema.nullable(),
  /** What came of it: the last words of its agent, the word of the person. Cut at 20,000 characters. */
  result: z.string(),
  /** Why it is in this state, where the state does not say it. */
  reason: z.string().nullable(),
  startedAt: TimestampSchema.nullable(),
  endedAt: TimestampSchema.nullable(),
})
export type WorkflowRunStep = z.infer<typeof WorkflowRunStepSchema>

export const WorkflowRunSchema = z.object({
  id: IdSchema,
  workflowId: IdSchema,
  name: z.string(),
  state: WorkflowRunStateSchema,
  workspaceId: IdSchema.nullable(),
  mode: ModeSchema,
  /** Inputs as they were given, and what the rules set. */
  values: z.record(z.string(), WorkflowValueSchema),
  steps: z.array(WorkflowRunStepSchema),
  output: z.string().nullable(),
  error: ErrorBodySchema.nullable(),
  /** The conversation in which its approvals are asked; null until there is one. */
  sessionId: IdSchema.nullable(),
  source: TaskSourceSchema,
  createdAt: TimestampSchema,
  endedAt: TimestampSchema.nullable(),
})
export type WorkflowRun = z.infer<typeof WorkflowRunSchema>

/** Without the long texts. */
export const WorkflowRunHeadSchema = WorkflowRunSchema.omit({ values: true, output: true, steps: true })

const ById = z.object({ id: IdSchema })
const tags = ['workflows']

export const workflows = {
  list: oc.route({ method: 'GET', path: '/workflows', tags, summary: 'Saved workflows, by name' }).input(EmptySchema).output(z.object({ items: z.array(WorkflowSchema) })),
  create: oc.route({ method: 'POST', path: '/workflows', successStatus: 201, tags, summary: 'Save a workflow; refused with all that is wrong with it' })
    .input(WorkflowBodySchema).output(WorkflowSchema),
  check: oc.route({ method: 'POST', path: '/workflows/check', tags, summary: 'What is wrong with a workflow, without saving it' })
    .input(z.object({ workflow: z.unknown() })).output(z.object({ problems: z.array(WorkflowProblemSchema) })),
  get: oc.route({ method: 'GET', path: '/workflows/{id}', tags }).input(ById).output(WorkflowSchema),
  put: oc.route({ method: 'PUT', path: '/workflows/{id}', tags, summary: 'Change a workflow; with `revision`, only if nobody else did meanwhile. What runs goes on as it was started' })
    .input(WorkflowBodySchema.extend({ id: IdSchema, revision: z.number().int().optional() })).output(WorkflowSchema),
  remove: oc.route({ method: 'DELETE', path: '/workflows/{id}', tags, summary: 'Take a workflow out of the list; `restore` brings it back. What runs goes on' }).input(ById).output(EmptySchema),
  restore: oc.route({ method: 'POST', path: '/workflows/{id}/restore', tags, summary: 'Bring back a workflow that was removed' }).input(ById).output(WorkflowSchema),
  fromPlan: oc.route({ method: 'POST', path: '/plans/{id}/workflow', successStatus: 201, tags, summary: 'Save the tasks of a plan as a workflow' }).input(ById).output(WorkflowSchema),
  start: oc.route({ method: 'POST', path: '/workflows/{id}/run', successStatus: 202, tags, summary: 'Start a workflow. Its rules may refuse, or want an approval first' })
    .input(ById.extend({
      inputs: z.record(z.string(), WorkflowValueSchema).default({}),
      workspaceId: IdSchema.nullable().default(null),
      mode: ModeSchema.default('ask'),
    })).output(WorkflowRunSchema),
  runs: oc.route({ method: 'GET', path: '/workflow-runs', tags, summary: 'What was started, newest first' })
    .input(PageInputSchema.extend({ workflowId: IdSchema.optional(), state: WorkflowRunStateSchema.optional() })).output(pageOf(WorkflowRunSchema)),
  run: oc.route({ method: 'GET', path: '/workflow-runs/{id}', tags, summary: 'A run with its steps' }).input(ById).output(WorkflowRunSchema),
  cancel: oc.route({ method: 'POST', path: '/workflow-runs/{id}/cancel', tags, summary: 'Stop a run with its tasks; resolves when nothing of it runs any more' }).input(ById).output(WorkflowRunSchema),
}
