import { z } from 'zod'
import { ModeSchema } from '#contract/common'
import { PrioritySchema, TaskKindSchema, type TaskSpec, TaskSpecSchema, type When, WhenSchema } from '#contract/tasks'
import { instantOf, isZone, localText, ownZone } from '../../../lib/zones'

const text = z.string().default('')

/** What was typed into the form, as it was typed; it is kept until the task is made. */
export const TaskFormSchema = z.object({
  title: text,
  instruction: text,
  context: text,
  /** Empty: no folder, or the default model. */
  workspaceId: text,
  model: text,
  /** The kind of agent. */
  template: z.string().default('general'),
  mode: ModeSchema.default('ask'),
  priority: PrioritySchema.default('normal'),
  /** Separated by commas. */
  tags: text,
  dependsOn: z.array(z.string()).default([]),
  /** One per line. */
  checklist: text,
  review: z.boolean().default(false),
  start: z.enum(['ready', 'backlog']).default('ready'),
  /** As a field for dates and times gives them, in the time of this machine. */
  notBefore: text,
  deadline: text,
  kind: TaskKindSchema.default('adhoc'),
  /** Dates and times, one per line. */
  dates: text,
  cron: text,
  timeZone: text,
  misfire: z.enum(['skip', 'once', 'all', 'ask']).default('once'),
  /** Of `once`: not older than so many minutes. */
  windowMinutes: z.string().default('1440'),
  /** Of `all`: so many at most. */
  cap: z.string().default('10'),
  overlap: z.enum(['skip', 'queue', 'cancel', 'allow']).default('skip'),
  jitterSeconds: z.string().default('0'),
  /** In the zone of the pattern. */
  startAt: text,
  endAt: text,
  maxCostUsd: text,
  maxTokens: text,
  maxMinutes: text,
  attempts: z.string().default('1'),
  backoffSeconds: z.string().default('30'),
})
export type TaskForm = z.infer<typeof TaskFormSchema>
export const emptyForm: TaskForm = TaskFormSchema.parse({})

export type FormField = keyof TaskForm
export type FormErrors = Readonly<Partial<Record<FormField, string>>>
export type ReadForm = { readonly spec: TaskSpec; readonly errors: null } | { readonly spec: null; readonly errors: FormErrors }

/** The task that the form describes, or what is wrong with it, field by field. */
export function readForm(form: TaskForm): ReadForm {
  const errors: Partial<Record<FormField, string>> = {}
  const { time } = createReader(errors)
  const read = TaskSpecSchema.safeParse({
    title: form.title.trim() === '' ? titleOf(form.instruction) : form.title,
    instruction: form.instruction,
    context: form.context,
    when: whenOf(form, errors),
    workspaceId: form.workspaceId === '' ? null : form.workspaceId,
    model: form.model === '' ? null : form.model,
    mode: form.mode,
    template: form.template,
    priority: form.priority,
    tags: tagsOf(form.tags),
    dependsOn: form.kind === 'adhoc' ? form.dependsOn : [],
    ...limitsOf(form, errors),
    deadline: form.kind === 'adhoc' ? time('deadline', form.deadline) : null,
    checklist: itemsOf(form.checklist).map((item) => ({ text: item })),
    review: form.review,
  })
  for (const issue of read.error?.issues ?? []) {
    const field = fieldOf(issue.path)
    errors[field] ??= field === 'instruction' && form.instruction.trim() === '' ? 'Say what is to be done.' : issue.message
  }
  return read.success && Object.keys(errors).length === 0 ? { spec: read.data, errors: null } : { spec: null, errors }
}

type Errors = Partial<Record<FormField, string>>

/** Reads what is typed into a field; what it cannot be is noted. */
function createReader(errors: Errors) {
  return {
    number: (field: FormField, typed: string): number | null => {
      const value = typed.trim() === '' ? null : Number(typed.trim().replace(',', '.'))
      if (value !== null && !(Number.isFinite(value) && value >= 0)) errors[field] = 'Give a number.'
      return value
    },
    time: (field: FormField, typed: string, timeZone = ownZone()): number | null => {
      const at = typed === '' ? null : instantOf(typed, timeZone)
      if (typed !== '' && at === null) errors[field] = 'Give a date and a time.'
      return at
    },
  }
}

function whenOf(form: TaskForm, errors: Errors) {
  const { number, time } = createReader(errors)
  if (form.kind === 'adhoc') return { kind: 'adhoc', notBefore: time('notBefore', form.notBefore) }
  const timeZone = zoneOf(form)
  if (!isZone(timeZone)) errors.timeZone = `“${timeZone.slice(0, 64)}” is no time zone. Pick one from the list.`
  const common = { timeZone, misfire: misfireOf(form, number), overlap: form.overlap }
  if (form.kind === 'planned') return { kind: 'planned', dates: itemsOf(form.dates), ...common }
  if (form.cron.trim() === '') errors.cron = 'Say when, with a pattern.'
  return {
    kind: 'scheduled', cron: form.cron, ...common, jitterSeconds: number('jitterSeconds', form.jitterSeconds) ?? 0,
    startAt: time('startAt', form.startAt, timeZone), endAt: time('endAt', form.endAt, timeZone),
  }
}

function limitsOf(form: TaskForm, errors: Errors) {
  const { number } = createReader(errors)
  return {
    budget: { maxCostUsd: number('maxCostUsd', form.maxCostUsd), maxTokens: number('maxTokens', form.maxTokens), maxMinutes: number('maxMinutes', form.maxMinutes) },
    attempts: { max: number('attempts', form.attempts) ?? 1, backoffSeconds: number('backoffSeconds', form.backoffSeconds) ?? 30 },
  }
}

const LimitsSchema = TaskSpecSchema.pick({ budget: true, attempts: true })
export type Limits = z.infer<typeof LimitsSchema>

/** Its budget and its attempts, or what is wrong with them. */
export function readLimits(form: TaskForm): { readonly limits: Limits; readonly errors: null } | { readonly limits: null; readonly errors: FormErrors } {
  const errors: Errors = {}
  const read = LimitsSchema.safeParse(limitsOf(form, errors))
  for (const issue of read.error?.issues ?? []) errors[fieldOf(issue.path)] ??= issue.message
  return read.success && Object.keys(errors).length === 0 ? { limits: read.data, errors: null } : { limits: null, errors }
}

export function formOfLimits({ budget, attempts }: Limits): TaskForm {
  const typed = (limit: number | null): string => (limit === null ? '' : String(limit))
  return {
    ...emptyForm, maxCostUsd: typed(budget.maxCostUsd), maxTokens: typed(budget.maxTokens), maxMinutes: typed(budget.maxMinutes),
    attempts: String(attempts.max), backoffSeconds: String(attempts.backoffSeconds),
  }
}

function misfireOf({ misfire, windowMinutes, cap }: TaskForm, number: (field: FormField, typed: string) => number | null) {
  if (misfire === 'once') return { policy: misfire, windowMinutes: number('windowMinutes', windowMinutes) ?? 1440 }
  return misfire === 'all' ? { policy: misfire, cap: number('cap', cap) ?? 10 } : { policy: misfire }
}

/** When the form says that it runs, or what is wrong with it. */
export function readWhen(form: TaskForm): { readonly when: When; readonly errors: null } | { readonly when: null; readonly errors: FormErrors } {
  const errors: Errors = {}
  const read = WhenSchema.safeParse(whenOf(form, errors))
  for (const issue of read.error?.issues ?? []) errors[fieldOf(['when', ...issue.path])] ??= issue.message
  return read.success && Object.keys(errors).length === 0 ? { when: read.data, errors: null } : { when: null, errors }
}

/** The form as it would have been filled in for that. */
export function formOf(when: When): TaskForm {
  if (when.kind === 'adhoc') return { ...emptyForm, notBefore: when.notBefore === null ? '' : localText(when.notBefore, ownZone()) }
  const { kind, timeZone, misfire, overlap } = when
  const common = {
    ...emptyForm, kind, timeZone, overlap, misfire: misfire.policy,
    ...(misfire.policy === 'once' && { windowMinutes: String(misfire.windowMinutes) }), ...(misfire.policy === 'all' && { cap: String(misfire.cap) }),
  }
  if (kind === 'planned') return { ...common, dates: when.dates.join('\n') }
  const timeText = (at: number | null): string => (at === null ? '' : localText(at, timeZone))
  return { ...common, cron: when.cron, jitterSeconds: String(when.jitterSeconds), startAt: timeText(when.startAt), endAt: timeText(when.endAt) }
}

/** Where none is given: that of this machine. */
export function zoneOf({ timeZone }: Pick<TaskForm, 'timeZone'>): string {
  return timeZone.trim() === '' ? ownZone() : timeZone.trim()
}

export function tagsOf(typed: string): readonly string[] {
  return [...new Set(typed.split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''))]
}

export function itemsOf(typed: string): readonly string[] {
  return typed.split('\n').map((line) => line.trim()).filter((line) => line !== '')
}

/** The first line of the instruction, where no title was given. */
function titleOf(instruction: string): string {
  const line = instruction.trim().split('\n')[0] ?? ''
  return [...line].length <= 80 ? line : `${[...line].slice(0, 79).join('')}…`
}

const fields: ReadonlySet<string> = new Set(Object.keys(emptyForm))

function isField(name: string): name is FormField {
  return fields.has(name)
}

/** The field that a part of the spec is typed into. */
function fieldOf([first, second, third]: readonly PropertyKey[]): FormField {
  const name = first === 'attempts' ? (second === 'max' ? 'attempts' : 'backoffSeconds')
    : first === 'when' ? String(second === 'misfire' ? (third ?? second) : (second ?? 'kind'))
    : String(first === 'budget' ? second : first)
  return isField(name) ? name : 'instruction'
}

const storageKey = 'task.draft'

export interface FormMemory {
  read(key: string): string | null
  write(key: string, value: string | null): void
}

export function readDraft(memory: FormMemory): TaskForm | null {
  try {
    return TaskFormSchema.parse(JSON.parse(memory.read(storageKey) ?? ''))
  } catch {
    return null
  }
}

export function writeDraft(memory: FormMemory, form: TaskForm | null): void {
  memory.write(storageKey, form === null ? null : JSON.stringify(form))
}
