import type { SavedTask } from '../ports/task-revision-store'
import { stateName } from './states'

/** What a person sees of a task, in this order. */
export const taskFields = [
  'state', 'title', 'instruction', 'context', 'when', 'template', 'workspaceId', 'model', 'mode', 'priority', 'tags', 'dependsOn', 'budget', 'attempts', 'deadline', 'checklist', 'review', 'pausedReason',
] as const satisfies readonly (keyof SavedTask)[]
export type TaskField = (typeof taskFields)[number]

const shownOfNew: readonly TaskField[] = ['state', 'instruction']
const LONGEST = 2_000

const names: Readonly<Record<TaskField, string>> = {
  state: 'State', title: 'Title', instruction: 'Instruction', context: 'Context', when: 'When', template: 'Agent', workspaceId: 'Folder', model: 'Model', mode: 'Mode', priority: 'Priority', tags: 'Tags',
  dependsOn: 'Waits for', budget: 'Budget', attempts: 'Attempts', deadline: 'Deadline', checklist: 'Checklist', review: 'Review', pausedReason: 'Paused',
}

/** A line for each of these fields; without them, what a task is about. */
export function describeTask(task: SavedTask, fields: readonly TaskField[] = shownOfNew): string {
  return fields.map((field) => `${names[field]}: ${wordsOf(task, field)}`).join('\n')
}

function wordsOf(task: SavedTask, field: TaskField): string {
  switch (field) {
    case 'state':
      return stateName(task.state)
    case 'deadline':
      return task.deadline === null ? 'none' : new Date(task.deadline).toISOString()
    case 'checklist':
      return task.checklist.map(({ text, done }) => `${done ? '☑' : '☐'} ${text}`).join(', ') || 'none'
    case 'dependsOn':
      return task.dependsOn.length === 0 ? 'nothing' : `${task.dependsOn.length} tasks`
    default: {
      const value: unknown = task[field]
      if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return 'none'
      const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value)
      return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
    }
  }
}
