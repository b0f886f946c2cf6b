import { z } from 'zod'
import { PrioritySchema, TaskKindSchema, type Task, TaskSourceSchema, TaskStateSchema } from '#contract/tasks'

export const lanesSchema = z.enum(['none', 'workspace', 'template'])
export type Lanes = z.infer<typeof lanesSchema>

/** What of all tasks is shown. Empty texts and null: everything. */
export const BoardFilterSchema = z.object({
  text: z.string().max(200).default(''),
  /** An id, or `none`: without a folder. */
  workspace: z.string().max(64).default(''),
  template: z.string().max(80).default(''),
  priority: PrioritySchema.or(z.literal('')).default(''),
  kind: TaskKindSchema.or(z.literal('')).default(''),
  tag: z.string().max(40).default(''),
  source: TaskSourceSchema.shape.by.or(z.literal('')).default(''),
  schedule: z.string().max(64).default(''),
  /** Only what a person asked for: nothing that belongs to another task or was made by a schedule. */
  mine: z.boolean().default(false),
})
export type BoardFilter = z.infer<typeof BoardFilterSchema>
export const emptyFilter: BoardFilter = BoardFilterSchema.parse({})

export const LookSchema = z.object({
  look: z.enum(['board', 'list']).default('board'),
  lanes: lanesSchema.default('none'),
  /** Quiet columns that are shown though they hold nothing. */
  asked: z.array(TaskStateSchema).default([]),
})

/** `found`: ids of tasks whose longer texts have the words, as far as they are known. */
export function filterTasks(tasks: readonly Task[], filter: BoardFilter, found: ReadonlySet<string>): readonly Task[] {
  const words = wordsOf(filter.text)
  return tasks.filter((task) => isAsked(task, filter) && (words.length === 0 || found.has(task.id) || hasWords(task, words)))
}

function isAsked(task: Task, { workspace, template, priority, kind, tag, source, schedule, mine }: BoardFilter): boolean {
  if (workspace !== '' && (task.workspaceId ?? 'none') !== workspace) return false
  if (template !== '' && task.template !== template) return false
  if (priority !== '' && task.priority !== priority) return false
  if (kind !== '' && task.when.kind !== kind) return false
  if (tag !== '' && !task.tags.includes(tag)) return false
  if (source !== '' && task.source.by !== source) return false
  if (schedule !== '' && task.scheduleId !== schedule) return false
  return !mine || (task.parentId === null && task.scheduleId === null)
}

function wordsOf(text: string): readonly string[] {
  return text.toLocaleLowerCase().split(/\s+/).filter((word) => word !== '')
}

function hasWords(task: Task, words: readonly string[]): boolean {
  const text = `${task.title} ${task.tags.join(' ')} ${task.reason ?? ''} ${task.template}`.toLocaleLowerCase()
  return words.every((word) => text.includes(word))
}

/** How many of the choices narrow what is shown. */
export function filterCount({ text: _text, mine: _mine, ...choices }: BoardFilter): number {
  return Object.values(choices).filter((choice) => choice !== '').length
}

export interface Facets {
  readonly workspaces: readonly (string | null)[]
  readonly templates: readonly string[]
  readonly tags: readonly string[]
}

/** What the tasks have to choose from. */
export function facetsOf(tasks: readonly Task[]): Facets {
  return {
    workspaces: [...new Set(tasks.map(({ workspaceId }) => workspaceId))],
    templates: [...new Set(tasks.map(({ template }) => template))].sort(),
    tags: [...new Set(tasks.flatMap(({ tags }) => tags))].sort().slice(0, 200),
  }
}

export interface Lane {
  readonly key: string
  readonly tasks: readonly Task[]
}

const mostLanes = 50

/** The fullest first; what comes after the last lane is in one lane together. */
export function lanesOf(tasks: readonly Task[], lanes: Lanes): readonly Lane[] {
  if (lanes === 'none') return [{ key: '', tasks }]
  const byKey = new Map<string, Task[]>()
  for (const task of tasks) {
    const key = lanes === 'workspace' ? (task.workspaceId ?? 'none') : task.template
    const held = byKey.get(key)
    if (held === undefined) byKey.set(key, [task])
    else held.push(task)
  }
  const sorted = [...byKey].map(([key, held]) => ({ key, tasks: held })).sort((left, right) => right.tasks.length - left.tasks.length || (left.key < right.key ? -1 : 1))
  const rest = sorted.slice(mostLanes).flatMap((lane) => lane.tasks)
  return rest.length === 0 ? sorted : [...sorted.slice(0, mostLanes), { key: 'rest', tasks: rest }]
}
