import { z } from 'zod'
import { ModeSchema } from '#contract/common'
import { PrioritySchema, TaskBudgetSchema, type TaskState, TaskStateSchema } from '#contract/tasks'
import { defineTool } from './define-tool'
import type { CallIdentity, Tool, ToolOutput } from './tool'

const NewTaskSchema = z.strictObject({
  key: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/).optional().describe('Names it for `dependsOn` of others in this call'),
  title: z.string().trim().min(1).max(200),
  instruction: z.string().trim().min(1).max(50_000).describe('What is to be done, for an agent that knows nothing of this conversation'),
  dependsOn: z.array(z.string().min(1).max(64)).max(50).default([]).describe('Keys of tasks in this call, or ids of other tasks, that must be done before'),
  template: z.string().min(1).max(40).default('general').describe('The kind of agent that does it'),
  mode: ModeSchema.optional().describe('What its agent may do without asking; never more than you'),
  priority: PrioritySchema.default('normal'),
  budget: TaskBudgetSchema.optional(),
  start: z.enum(['ready', 'backlog']).default('ready').describe('`backlog`: a person starts it'),
})
const CreateTaskSchema = z.strictObject({ tasks: z.array(NewTaskSchema).min(1).max(50) })
export type NewAgentTask = z.output<typeof NewTaskSchema>

const FingerprintSchema = z.object({ ids: z.array(z.string()) })

export interface TaskCalls {
  readonly newId: () => string
  /** Throws AppError for tasks that cannot be. */
  readonly check: (sessionId: string, tasks: readonly NewAgentTask[]) => void
  /** All or none, with these ids. */
  readonly create: (sessionId: string, tasks: readonly NewAgentTask[], ids: readonly string[], call: CallIdentity) => ToolOutput
  readonly exists: (id: string) => boolean
}

const ListTasksSchema = z.strictObject({
  mine: z.boolean().default(false).describe('Only those that this conversation made'),
  state: TaskStateSchema.optional(),
})
export interface ListQuery {
  readonly mine: boolean
  readonly state?: TaskState | undefined
}

/** Their ids are known before they are made, so that a crash in between can be judged. */
export function createCreateTask({ newId, check, create, exists }: TaskCalls): Tool {
  return defineTool({
    name: 'create_task',
    description: 'Put one task or several on the board, to be done by agents of their own, now or after others. You do not wait for them; use delegate or propose_plan where you need what they find.',
    capability: 'tasks',
    readOnly: false,
    needs: 'nothing',
    input: CreateTaskSchema,
    prepare: async ({ tasks }, { sessionId }) => {
      check(sessionId, tasks)
      const ids = tasks.map(() => newId())
      const names = tasks.map(({ title }) => `“${title}”`).join(', ')
      return {
        title: `Make ${tasks.length === 1 ? 'the task' : `${tasks.length} tasks`}: ${names}`.slice(0, 400), paths: [], fingerprint: { ids },
        execute: async ({ call }) => create(sessionId, tasks, ids, call),
      }
    },
    reconcile: {
      fingerprint: FingerprintSchema,
      judge: async ({ ids }) => (ids.some(exists) ? 'done' : 'not_done'),
    },
  })
}

export function createListTasks(list: (sessionId: string, query: ListQuery) => ToolOutput): Tool {
  return defineTool({
    name: 'list_tasks',
    description: 'The tasks on the board of this folder, with their state and what came of them.',
    capability: 'read',
    readOnly: true,
    needs: 'nothing',
    input: ListTasksSchema,
    prepare: async (query, { sessionId }) => ({ title: 'List the tasks', paths: [], execute: async () => list(sessionId, query) }),
  })
}
