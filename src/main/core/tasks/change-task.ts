import type { Task, TaskChange, TaskDetail, TaskState } from '#contract/tasks'
import { notFound } from '../errors'
import type { Emit } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { StoredTask, StoredTaskPatch } from '../ports/task-store'
import type { Clock } from '../ports/system'
import { type Actor, assertMayFollow, isAsked, isAtEnd, stateName } from './states'

/** Of a text in the history. */
const MAX_KEPT_CHARS = 2_000

export interface ChangePorts {
  readonly store: Store
  readonly clock: Clock
}

export interface Change {
  readonly to?: TaskState
  readonly patch?: StoredTaskPatch
  readonly dependsOn?: readonly string[]
  readonly by: Actor
  /** In words, for the history. */
  readonly cause: string
  readonly traceId: string
}

export function getTask(store: Pick<Store, 'tasks'>, id: string): StoredTask {
  const task = store.tasks.get(id)
  if (!task) throw notFound('Task', id)
  return task
}

/**
 * The one way in which a task changes: the task, the line of its history and the event are in the transaction at hand. Throws
 * AppError CONFLICT for a state that may not follow. With another state, the reason is the new one or none.
 */
export function changeTask(ports: ChangePorts, emit: Emit, id: string, change: Change): StoredTask {
  const { store, clock } = ports
  const before = store.tasks.detail(id)
  if (!before) throw notFound('Task', id)
  const to = change.to ?? before.state
  const moves = to !== before.state
  if (moves) assertMayFollow(before.state, to, change.by)
  const now = clock.now()
  store.tasks.patch(id, {
    ...(moves && {
      reason: null, endedAt: isAtEnd(to) ? now : null,
      ...(to === 'ready' && { generation: before.generation + 1, ...(isAsked(change.by) && { countFrom: before.attempt }) }),
      ...(before.state === 'scheduled' && to !== 'scheduled' && { nextDueAt: null }),
    }),
    ...change.patch, state: to, revision: before.revision + 1, updatedAt: now,
  })
  if (change.dependsOn !== undefined) store.tasks.setDependencies(id, change.dependsOn)
  const after = store.tasks.detail(id)
  if (!after) throw notFound('Task', id)
  store.tasks.addChange(id, {
    revision: after.revision, at: now, by: change.by, cause: change.cause, fromState: before.state, toState: to, fields: changedFields(before, after),
  })
  tellTask(store, emit, id, change.traceId)
  // What others show of it: blocked by, children done.
  if (moves) for (const other of onlookers(store, after)) tellTask(store, emit, other, change.traceId)
  return getTask(store, id)
}

export function tellTask(store: Pick<Store, 'tasks'>, emit: Emit, id: string, traceId: string): void {
  const task = store.tasks.get(id)
  if (task) emit({ topic: 'task.update', payload: { task: present(store, task) } }, { sessionId: null, runId: null, traceId })
}

export function onlookers(store: Pick<Store, 'tasks'>, task: Pick<Task, 'id' | 'parentId'>): string[] {
  return [...store.tasks.dependants(task.id), ...(task.parentId === null ? [] : [task.parentId])]
}

/** As it is told: what only the work needs is left out; a task that waits for others says so. */
export function present(store: Pick<Store, 'tasks'>, { startAfter: _startAfter, generation: _generation, countFrom: _countFrom, ...task }: StoredTask): Task {
  return task.reason === null && task.state === 'ready' && task.blockedBy.length > 0 ? { ...task, reason: waitingReason(store, task.blockedBy) } : task
}

function waitingReason(store: Pick<Store, 'tasks'>, blockedBy: readonly string[]): string {
  const others = blockedBy.map((id) => store.tasks.get(id)).filter((task) => task !== null)
  const stuck = others.find(({ state }) => isAtEnd(state))
  if (stuck) return `Waits for “${stuck.title}”, which ended without success (${stateName(stuck.state)}).`
  return others.length === 1 ? `Waits for “${others[0]?.title ?? ''}”` : `Waits for ${others.length} tasks`
}

const recorded = [
  'title', 'instruction', 'context', 'when', 'template', 'workspaceId', 'model', 'mode', 'priority', 'tags', 'dependsOn', 'budget', 'attempts', 'deadline', 'checklist',
  'review', 'pausedReason',
] as const satisfies readonly (keyof TaskDetail)[]

type Recorded = Pick<TaskDetail, (typeof recorded)[number]>

export function changedFields(before: Recorded, after: Recorded): TaskChange['fields'] {
  return recorded.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => ({ name, before: shortened(before[name]), after: shortened(after[name]) }))
}

function shortened(value: unknown): unknown {
  return typeof value === 'string' && value.length > MAX_KEPT_CHARS ? `${value.slice(0, MAX_KEPT_CHARS - 1)}…` : value
}
