import { z } from 'zod'
import { ModeSchema } from '#contract/common'
import { PrioritySchema, TaskKindSchema, type TaskSpec, TaskSpecSchema } from '#contract/tasks'

const text = z.string().default('')

/** What was typed into the form, as it was typed; it is kept until the task is made. */
export const TaskFormSchema = z.object({
  title: text,
  instruction: text,
  context: text,
  /** Empty: no folder, or the default model. */
  workspaceId: text,
  model: text,
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
  overlap: z.enum(['skip', 'queue', 'cancel', 'allow']).default('skip'),
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
  const number = (field: FormField, typed: string): number | null => {
    const value = typed.trim() === '' ? null : Number(typed.trim().replace(',', '.'))
    if (value !== null && !(Number.isFinite(value) && value >= 0)) errors[field] = 'Give a number.'
    return value
  }
  const time = (field: FormField, typed: string): number | null => {
    const at = typed === '' ? null : new Date(typed).getTime()
    if (at !== null && !Number.isFinite(at)) errors[field] = 'Give a date and a time.'
    return at
  }
  const read = TaskSpecSchema.safeParse({
    title: form.title.trim() === '' ? titleOf(form.instruction) : form.title,
    instruction: form.instruction,
    context: form.context,
    when: whenOf(form, time('notBefore', form.notBefore)),
    workspaceId: form.workspaceId === '' ? null : form.workspaceId,
    model: form.model === '' ? null : form.model,
    mode: form.mode,
    priority: form.priority,
    tags: tagsOf(form.tags),
    dependsOn: form.kind === 'adhoc' ? form.dependsOn : [],
    budget: { maxCostUsd: number('maxCostUsd', form.maxCostUsd), maxTokens: number('maxTokens', form.maxTokens), maxMinutes: number('maxMinutes', form.maxMinutes) },
    attempts: { max: number('attempts', form.attempts) ?? 1, backoffSeconds: number('backoffSeconds', form.backoffSeconds) ?? 30 },
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

function whenOf(form: TaskForm, notBefore: number | null) {
  if (form.kind === 'adhoc') return { kind: 'adhoc', notBefore }
  const common = { timeZone: zoneOf(form), misfire: { policy: form.misfire }, overlap: form.overlap }
  return form.kind === 'planned' ? { kind: 'planned', dates: itemsOf(form.dates), ...common } : { kind: 'scheduled', cron: form.cron, ...common }
}

/** Where none is given: that of this machine. */
export function zoneOf({ timeZone }: Pick<TaskForm, 'timeZone'>): string {
  return timeZone.trim() === '' ? Intl.DateTimeFormat().resolvedOptions().timeZone : timeZone.trim()
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
function fieldOf([first, second]: readonly PropertyKey[]): FormField {
  const name = first === 'attempts' ? (second === 'max' ? 'attempts' : 'backoffSeconds') : first === 'when' ? String(second ?? 'kind') : first === 'budget' ? String(second) : String(first)
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
