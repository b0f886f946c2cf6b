import { oc } from '@orpc/contract'
import { z } from 'zod'
import { CostSchema, EmptySchema, IdSchema, ModelIdSchema, ModeSchema, PageInputSchema, pageOf, TimestampSchema, UsageSchema } from './common'
import { ErrorBodySchema } from './errors'
import { MisfirePolicySchema, OverlapPolicySchema, TimeZoneSchema } from './schedules'

/**
 * `adhoc` runs once, as soon as it may. `planned` and `scheduled` run at due times (dates, a cron pattern): they stay in state
 * `scheduled`, and each occurrence that is claimed becomes an adhoc task of its own, whose `scheduleId` is theirs.
 */
export const TaskKindSchema = z.enum(['adhoc', 'planned', 'scheduled'])
export type TaskKind = z.infer<typeof TaskKindSchema>

/**
 * `backlog`: not to be started. `scheduled`: has due times to come. `ready`: starts when its dependencies are done and a place is
 * free. `needs_you`: its run waits for a person, or it was parked and says why. `review`: finished, a person has asked to look
 * at it before it counts as done. `failed`: no retry would help. `dead_letter`: all attempts are used up. `missed`: its time
 * went by. Which may follow which: `task-states.ts`.
 */
export const TaskStateSchema = z.enum(['backlog', 'scheduled', 'ready', 'running', 'needs_you', 'review', 'done', 'failed', 'missed', 'cancelled', 'dead_letter'])
export type TaskState = z.infer<typeof TaskStateSchema>

export const PrioritySchema = z.enum(['low', 'normal', 'high', 'urgent'])
export type Priority = z.infer<typeof PrioritySchema>

/** Null: no limit of its own. Money and tokens count over all attempts. */
export const TaskBudgetSchema = z.object({
  maxCostUsd: z.number().positive().nullable().default(null),
  maxTokens: z.number().int().positive().nullable().default(null),
  maxMinutes: z.number().positive().max(7 * 24 * 60).nullable().default(null),
})
export type TaskBudget = z.infer<typeof TaskBudgetSchema>

/** Waits `backoffSeconds`, then `factor` times as long each time, with jitter. */
export const AttemptsSchema = z.object({
  max: z.number().int().min(1).max(20).default(1),
  backoffSeconds: z.number().int().min(0).max(86_400).default(30),
  factor: z.number().min(1).max(10).default(2),
})
export type Attempts = z.infer<typeof AttemptsSchema>

/** What must be true at the end; the agent is told, says of each whether it is, and a person can see and change it. */
export const ChecklistItemSchema = z.object({ text: z.string().trim().min(1).max(500), done: z.boolean().default(false) })
export type ChecklistItem = z.infer<typeof ChecklistItemSchema>

/** When it runs. Dates are ISO 8601; without an offset they are meant in `timeZone`. */
export const AdhocWhenSchema = z.object({ kind: z.literal('adhoc'), notBefore: TimestampSchema.nullable().default(null) })
export const PlannedWhenSchema = z.object({
  kind: z.literal('planned'),
  dates: z.array(z.iso.datetime({ offset: true, local: true })).min(1).max(1_000),
  timeZone: TimeZoneSchema,
  misfire: MisfirePolicySchema,
  overlap: OverlapPolicySchema,
})
export const ScheduledWhenSchema = z.object({
  kind: z.literal('scheduled'),
  /** Five fields, or six with seconds first; names and @daily and the like. */
  cron: z.string().trim().min(1).max(200),
  timeZone: TimeZoneSchema,
  misfire: MisfirePolicySchema,
  overlap: OverlapPolicySchema,
  /** Each start is moved by up to so much, always by the same for the same due time. */
  jitterSeconds: z.number().int().min(0).max(86_400).default(0),
  startAt: TimestampSchema.nullable().default(null),
  endAt: TimestampSchema.nullable().default(null),
})
export const WhenSchema = z.discriminatedUnion('kind', [AdhocWhenSchema, PlannedWhenSchema, ScheduledWhenSchema])
export type When = z.infer<typeof WhenSchema>

const TextSchema = z.string().max(200_000)

/** What a person, a script or an agent says a task is. */
export const TaskSpecSchema = z.object({
  title: z.string().trim().min(1).max(200),
  /** What is to be done, one paragraph. */
  instruction: TextSchema.trim().min(1),
  /** Detailed instructions and background. */
  context: TextSchema.default(''),
  when: WhenSchema.default({ kind: 'adhoc', notBefore: null }),
  /** An agent template, see `agents.templates`. */
  template: z.string().min(1).max(80).default('general'),
  workspaceId: IdSchema.nullable().default(null),
  /** Null: the default model of the settings. */
  model: ModelIdSchema.nullable().default(null),
  mode: ModeSchema.default('ask'),
  priority: PrioritySchema.default('normal'),
  tags: z.array(z.string().trim().min(1).max(40)).max(20).default([]),
  /** Tasks that must be done before. A cycle is refused. */
  dependsOn: z.array(IdSchema).max(200).default([]),
  budget: TaskBudgetSchema.default({ maxCostUsd: null, maxTokens: null, maxMinutes: null }),
  attempts: AttemptsSchema.default({ max: 1, backoffSeconds: 30, factor: 2 }),
  /** Not started after it: then it is missed. */
  deadline: TimestampSchema.nullable().default(null),
  checklist: z.array(ChecklistItemSchema).max(100).default([]),
  /** Finished work waits in Review until a person accepts it. */
  review: z.boolean().default(false),
})
export type TaskSpec = z.infer<typeof TaskSpecSchema>

export const TaskSourceSchema = z.object({
  by: z.enum(['person', 'agent', 'schedule', 'script']),
  sessionId: IdSchema.nullable(),
  runId: IdSchema.nullable(),
})
export type TaskSource = z.infer<typeof TaskSourceSchema>

/** A card: everything but the long texts. */
export const TaskSchema = TaskSpecSchema.omit({ instruction: true, context: true }).extend({
  id: IdSchema,
  state: TaskStateSchema,
  /** Why it is in this state, for people: "Waits for 2 tasks", "No key for openai". Null where the state says it all. */
  reason: z.string().nullable(),
  /** Of `planned` and `scheduled`: paused, and why; nothing becomes due. */
  pausedReason: z.string().nullable(),
  /** Its place in its column: lower ones come first. */
  order: z.number(),
  parentId: IdSchema.nullable(),
  scheduleId: IdSchema.nullable(),
  /** Of an occurrence: when it was due. */
  dueAt: TimestampSchema.nullable(),
  /** Of `planned` and `scheduled`: the next due time; null when there is none any more. */
  nextDueAt: TimestampSchema.nullable(),
  /** Dependencies that are not done. */
  blockedBy: z.array(IdSchema),
  children: z.object({ done: z.number().int(), total: z.number().int() }),
  attempt: z.number().int(),
  /** Of the newest attempt. */
  sessionId: IdSchema.nullable(),
  runId: IdSchema.nullable(),
  usage: UsageSchema,
  costUsd: CostSchema,
  source: TaskSourceSchema,
  error: ErrorBodySchema.nullable(),
  /** Rises with every change that the history tells of; not with what its agent uses and does meanwhile. */
  revision: z.number().int(),
  createdAt: TimestampSchema,
  updatedAt: TimestampSchema,
  /** What its agent did last. */
  activityAt: TimestampSchema.nullable(),
  startedAt: TimestampSchema.nullable(),
  endedAt: TimestampSchema.nullable(),
})
export type Task = z.infer<typeof TaskSchema>

export const TaskDetailSchema = TaskSchema.extend({
  instruction: z.string(),
  context: z.string(),
  /** The agent's last words of the newest attempt that finished. */
  result: z.string().nullable(),
})
export type TaskDetail = z.infer<typeof TaskDetailSchema>

export const TaskRunStateSchema = z.enum(['running', 'waiting', 'interrupted', 'completed', 'failed', 'cancelled'])
/** One attempt at a task. */
export const TaskRunSchema = z.object({
  id: IdSchema,
  taskId: IdSchema,
  /** 1 for the first attempt. */
  number: z.number().int(),
  state: TaskRunStateSchema,
  /** Null until the attempt has a conversation. */
  sessionId: IdSchema.nullable(),
  runId: IdSchema.nullable(),
  usage: UsageSchema,
  costUsd: CostSchema,
  error: ErrorBodySchema.nullable(),
  startedAt: TimestampSchema,
  endedAt: TimestampSchema.nullable(),
})
export type TaskRun = z.infer<typeof TaskRunSchema>

/** One change: from which state to which, what of the task, by whom. Written once, never changed. */
export const TaskChangeSchema = z.object({
  revision: z.number().int(),
  at: TimestampSchema,
  /** `person`, `agent`, `schedule`, `script`, or `trestle` itself. */
  by: z.enum(['person', 'agent', 'schedule', 'script', 'trestle']),
  /** In words: "Moved to Ready", "Attempt 2 failed: …". */
  cause: z.string(),
  fromState: TaskStateSchema.nullable(),
  toState: TaskStateSchema,
  /** Fields that changed, with what they were and became; long texts cut at 2,000 characters. */
  fields: z.array(z.object({ name: z.string(), before: z.unknown(), after: z.unknown() })),
})
export type TaskChange = z.infer<typeof TaskChangeSchema>

export const TaskCommentSchema = z.object({ id: IdSchema, taskId: IdSchema, by: z.enum(['person', 'agent']), text: z.string(), at: TimestampSchema })
export type TaskComment = z.infer<typeof TaskCommentSchema>

/** A filter of the board with a name. */
export const TaskFilterSchema = z.object({
  states: z.array(TaskStateSchema).max(20).optional(),
  workspaceId: IdSchema.nullable().optional(),
  template: z.string().max(80).optional(),
  priority: PrioritySchema.optional(),
  tag: z.string().max(40).optional(),
  kind: TaskKindSchema.optional(),
  /** Who made it. */
  source: TaskSourceSchema.shape.by.optional(),
  scheduleId: IdSchema.optional(),
  parentId: IdSchema.optional(),
  /** Only what has no parent and no schedule: what a person asked for. */
  mine: z.boolean().optional(),
  /** Words of title and instruction. */
  text: z.string().max(200).optional(),
})
export type TaskFilter = z.infer<typeof TaskFilterSchema>
export const TaskViewSchema = z.object({ id: IdSchema, name: z.string().trim().min(1).max(80), filter: TaskFilterSchema, lanes: z.enum(['none', 'workspace', 'template']).default('none') })
export type TaskView = z.infer<typeof TaskViewSchema>

const ById = z.object({ id: IdSchema })
const tags = ['tasks']

/** The spec's defaults must not come back to life in a patch. */
const PatchSchema = z.object({
  title: TaskSpecSchema.shape.title.optional(),
  instruction: TaskSpecSchema.shape.instruction.optional(),
  context: TextSchema.optional(),
  when: WhenSchema.optional(),
  template: z.string().min(1).max(80).optional(),
  workspaceId: IdSchema.nullable().optional(),
  model: ModelIdSchema.nullable().optional(),
  mode: ModeSchema.optional(),
  priority: PrioritySchema.optional(),
  tags: z.array(z.string().trim().min(1).max(40)).max(20).optional(),
  dependsOn: z.array(IdSchema).max(200).optional(),
  budget: TaskBudgetSchema.optional(),
  attempts: AttemptsSchema.optional(),
  deadline: TimestampSchema.nullable().optional(),
  checklist: z.array(ChecklistItemSchema).max(100).optional(),
  review: z.boolean().optional(),
})
export type TaskPatch = z.infer<typeof PatchSchema>

/** Where a person may put a card. Everything else only work itself can bring about. */
export const MoveToSchema = z.enum(['backlog', 'ready', 'done', 'cancelled'])
export type MoveTo = z.infer<typeof MoveToSchema>

export const BulkActionSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('move'), to: MoveToSchema }),
  z.object({ action: z.literal('priority'), priority: PrioritySchema }),
  z.object({ action: z.literal('tag'), add: z.array(z.string().trim().min(1).max(40)).max(20), remove: z.array(z.string().max(40)).max(20) }),
  z.object({ action: z.literal('retry') }),
  z.object({ action: z.literal('remove') }),
])
export type BulkAction = z.infer<typeof BulkActionSchema>

export const tasks = {
  create: oc.route({ method: 'POST', path: '/tasks', successStatus: 201, tags, summary: 'Give work away; the same idempotency key again returns the same task' })
    .input(TaskSpecSchema.extend({
      /** Where it begins. A planned or scheduled task begins as `scheduled`, paused with the reason when something is missing. */
      start: z.enum(['backlog', 'ready']).default('ready'),
      parentId: IdSchema.optional(),
      /** The conversation that it comes from: its `source` leads back there, and its checkpoints cover the task. */
      sessionId: IdSchema.optional(),
      idempotencyKey: z.string().min(1).max(200).optional(),
    })).output(TaskDetailSchema),
  list: oc.route({ method: 'GET', path: '/tasks', tags, summary: 'Tasks, newest first; or in the order of the board' })
    .input(PageInputSchema.extend({
      limit: z.coerce.number().int().min(1).max(2_000).default(100),
      state: TaskStateSchema.optional(), kind: TaskKindSchema.optional(), workspaceId: IdSchema.optional(), scheduleId: IdSchema.optional(), parentId: IdSchema.optional(),
      priority: PrioritySchema.optional(), template: z.string().max(80).optional(), tag: z.string().max(40).optional(), text: z.string().max(200).optional(),
      /** `board`: by their place in their column. */
      order: z.enum(['created', 'board']).default('created'),
    })).output(pageOf(TaskSchema)),
  get: oc.route({ method: 'GET', path: '/tasks/{id}', tags, summary: 'A task with its texts' }).input(ById).output(TaskDetailSchema),
  patch: oc.route({ method: 'PATCH', path: '/tasks/{id}', tags, summary: 'Change a task; with `revision`, only if nobody else did meanwhile' })
    .input(PatchSchema.extend({ id: IdSchema, revision: z.number().int().optional() })).output(TaskDetailSchema),
  remove: oc.route({ method: 'DELETE', path: '/tasks/{id}', tags, summary: 'Stop a task with its children and its processes, and remove it' }).input(ById).output(EmptySchema),
  move: oc.route({ method: 'POST', path: '/tasks/{id}/move', tags, summary: 'Put a card into another column, or to another place in its own' })
    .input(ById.extend({ to: MoveToSchema.optional(), afterId: IdSchema.nullable().optional() })).output(TaskSchema),
  history: oc.route({ method: 'GET', path: '/tasks/{id}/history', tags, summary: 'Every change of a task, newest first' }).input(ById.extend(PageInputSchema.shape)).output(pageOf(TaskChangeSchema)),
  bulk: oc.route({ method: 'POST', path: '/tasks/bulk', tags, summary: 'The same for several tasks; says of each what came of it' })
    .input(z.object({ ids: z.array(IdSchema).min(1).max(2_000), do: BulkActionSchema }))
    .output(z.object({ items: z.array(z.object({ id: IdSchema, error: ErrorBodySchema.nullable() })) })),
  run: oc.route({ method: 'POST', path: '/tasks/{id}/run', successStatus: 202, tags, summary: 'Start it now, before its time and out of order; of a schedule: one more occurrence' }).input(ById).output(TaskSchema),
  cancel: oc.route({ method: 'POST', path: '/tasks/{id}/cancel', tags, summary: 'Stop it with its children; resolves when nothing of it runs any more' }).input(ById).output(TaskSchema),
  retry: oc.route({ method: 'POST', path: '/tasks/{id}/retry', successStatus: 202, tags, summary: 'Try a task again that ended without success: goes on after its last finished step where it can' }).input(ById).output(TaskSchema),
  requeue: oc.route({ method: 'POST', path: '/tasks/{id}/requeue', successStatus: 202, tags, summary: 'Take a dead letter back into the queue, with all its attempts' }).input(ById).output(TaskSchema),
  review: oc.route({ method: 'POST', path: '/tasks/{id}/review', tags, summary: 'Accept finished work, or send it back with words' })
    .input(ById.extend({ accept: z.boolean(), message: z.string().trim().max(20_000).optional() })).output(TaskSchema),
  runs: oc.route({ method: 'GET', path: '/tasks/{id}/runs', tags, summary: 'The attempts at a task, newest first' }).input(ById.extend(PageInputSchema.shape)).output(pageOf(TaskRunSchema)),
  comments: oc.route({ method: 'GET', path: '/tasks/{id}/comments', tags, summary: 'What was said about a task' }).input(ById).output(z.object({ items: z.array(TaskCommentSchema) })),
  comment: oc.route({ method: 'POST', path: '/tasks/{id}/comments', tags, summary: 'Say something about a task; the agent reads it with its next attempt' })
    .input(ById.extend({ text: z.string().trim().min(1).max(20_000) })).output(TaskCommentSchema),
  views: oc.route({ method: 'GET', path: '/task-views', tags, summary: 'Saved filters of the board' }).input(EmptySchema).output(z.object({ items: z.array(TaskViewSchema) })),
  saveView: oc.route({ method: 'PUT', path: '/task-views/{id}', tags, summary: 'Save a filter of the board' }).input(TaskViewSchema).output(TaskViewSchema),
  removeView: oc.route({ method: 'DELETE', path: '/task-views/{id}', tags, summary: 'Forget a saved filter' }).input(ById).output(EmptySchema),
}
