import type { AgentProfiles } from '../agents/profiles'
import type { AgentTemplates } from '../agents/templates'
import { AppError } from '../errors'
import type { EventStream } from '../events/event-stream'
import { labelsOfTasks } from '../flow/inherited-labels'
import { isMore, narrowest } from '../permissions/modes'
import type { Store } from '../ports/store'
import type { StoredTask } from '../ports/task-store'
import type { NewId } from '../ports/system'
import { createCreateTask, createListTasks, type ListQuery, type NewAgentTask } from '../tools/task-tools'
import type { CallIdentity, Tool, ToolOutput } from '../tools/tool'
import { present } from './change-task'
import { findCycle } from './graph'
import { stateName } from './states'
import type { TaskService } from './task-service'

const MAX_LISTED = 100
const noBudget = { maxCostUsd: null, maxTokens: null, maxMinutes: null }

/** The tools with which agents make and see tasks. */
export function taskTools(ports: AgentTaskPorts & { readonly newId: NewId }): readonly Tool[] {
  return [
    createCreateTask({
      newId: ports.newId, exists: (id) => ports.store.tasks.get(id) !== null, check: (sessionId, tasks) => checkAgentTasks(ports, sessionId, tasks),
      create: (sessionId, tasks, ids, call) => createAgentTasks(ports, sessionId, tasks, ids, call),
    }),
    createListTasks((sessionId, query) => listAgentTasks(ports, sessionId, query)),
  ]
}

export interface AgentTaskPorts {
  readonly store: Store
  readonly events: EventStream
  readonly templates: AgentTemplates
  readonly profiles: AgentProfiles
  readonly service: Pick<TaskService, 'createMany'>
}

/** Throws AppError: the keys must be clear, and nothing may do more than the agent that makes it. */
function checkAgentTasks({ templates, profiles }: Pick<AgentTaskPorts, 'templates' | 'profiles'>, sessionId: string, tasks: readonly NewAgentTask[]): void {
  const keyed = new Map(tasks.flatMap((task) => (task.key === undefined ? [] : [[task.key, task]])))
  if (keyed.size < tasks.filter(({ key }) => key !== undefined).length) throw new AppError('INVALID_PARAMETERS', 'Two tasks have the same key. Nothing was made.')
  const most = profiles.modeOf(sessionId)
  for (const { key, title, dependsOn, template, mode } of tasks) {
    templates.get(template)
    if (mode !== undefined && isMore(mode, most)) throw new AppError('PERMISSION_DENIED', `You work in mode ${most}, so “${title}” cannot work in mode ${mode}. Nothing was made.`)
    if (key !== undefined && findCycle(key, dependsOn, (other) => keyed.get(other)?.dependsOn ?? [])) throw new AppError('INVALID_PARAMETERS', `“${title}” would wait for itself. Nothing was made.`)
  }
}

function createAgentTasks(ports: AgentTaskPorts, sessionId: string, tasks: readonly NewAgentTask[], ids: readonly string[], call: CallIdentity): ToolOutput {
  const { store, profiles } = ports
  const idOf = new Map(tasks.flatMap(({ key }, index) => (key === undefined ? [] : [[key, ids[index] ?? '']])))
  const workspaceId = store.sessions.get(sessionId)?.workspaceId ?? null
  const most = profiles.modeOf(sessionId)
  const made = tasks.map((task, index) => ({
    id: ids[index] ?? '', title: task.title, instruction: task.instruction, context: '', template: task.template, mode: narrowest(most, task.mode ?? null),
    budget: task.budget ?? noBudget, priority: task.priority, start: task.start, workspaceId, dependsOn: task.dependsOn.map((key) => idOf.get(key) ?? key),
  }))
  ports.events.transact((emit) => ports.service.createMany(emit, made, { source: { by: 'agent', sessionId, runId: call.runId }, traceId: call.traceId }))
  const lines = made.map(({ id, title }) => `- ${id}: ${title}`)
  return { content: `Made ${made.length} ${made.length === 1 ? 'task' : 'tasks'}. They are done by agents of their own; the person sees them on the board.\n${lines.join('\n')}`, details: { kind: 'tasks', taskIds: [...ids] } }
}

/** Newest first. */
function listAgentTasks({ store }: Pick<AgentTaskPorts, 'store'>, sessionId: string, { mine, state }: ListQuery): ToolOutput {
  const workspaceId = store.sessions.get(sessionId)?.workspaceId ?? undefined
  const { items, nextCursor } = store.tasks.list({ order: 'created', limit: MAX_LISTED, workspaceId, state })
  const shown = items.filter(({ source }) => !mine || source.sessionId === sessionId)
  if (shown.length === 0) return { content: 'There are none.' }
  const lines = [...shown.map((task) => lineOf(store, task)), ...(nextCursor === null ? [] : [`(The newest ${MAX_LISTED} were looked at.)`])]
  return { content: lines.join('\n'), labels: labelsOfTasks(store, shown) }
}

function lineOf(store: Store, task: StoredTask): string {
  const { reason } = present(store, task)
  const result = task.state === 'done' ? store.tasks.detail(task.id)?.result : null
  const note = result ? `: ${result.replaceAll(/\s+/g, ' ').slice(0, 300)}` : reason === null ? '' : `: ${reason}`
  return `- ${task.id} [${stateName(task.state)}] ${task.title} (${task.template})${note}`
}
