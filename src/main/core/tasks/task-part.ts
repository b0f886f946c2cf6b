import type { RevisionItem } from '#contract/checkpoints'
import type { PartRestore, PartScope, RevisionPart } from '../checkpoints/parts'
import type { Emit } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { SavedTask, TaskRevision } from '../ports/task-revision-store'
import type { Clock } from '../ports/system'
import { changedFields, changeTask, onlookers, tellTask } from './change-task'
import type { DueTimes } from './due-times'
import { stateName } from './states'
import { describeTask, taskFields } from './task-words'

export interface TaskPartPorts {
  readonly store: Store
  readonly clock: Clock
  readonly dueTimes: DueTimes
  /** Puts a task that is at work into the backlog. Resolves when nothing of it runs any more. */
  readonly park: (taskId: string, traceId: string) => Promise<void>
}

type DueWhen = Parameters<DueTimes['next']>[0]

interface Returning {
  readonly id: string
  readonly now: SavedTask | null
  /** Null: it was not there. */
  readonly then: SavedTask | null
  readonly note: string | null
  readonly since: readonly TaskRevision[]
}

/**
 * The tasks that a session made, as a part of its checkpoints. Going back makes them what they were; but nothing starts by
 * that, and what their attempts did, said and cost stays.
 */
export function createTaskPart(ports: TaskPartPorts): RevisionPart {
  const { store } = ports
  const isAtWork = (id: string) => {
    const state = store.tasks.get(id)?.state
    return state === 'running' || state === 'needs_you'
  }
  return {
    revision: ({ sessionId }) => store.taskRevisions.newest(sessionId),
    diff: ({ sessionId }, from, to) => ({ from, to, items: compare(store, sessionId, from, to ?? Number.MAX_SAFE_INTEGER) }),
    plan: ({ sessionId }, revision) => returningTo(ports, sessionId, revision).map(toItem),
    sessionsAtWork: (ids) => ids.filter(isAtWork).flatMap((id) => store.tasks.get(id)?.sessionId ?? []),
    stop: async (ids, traceId) => { for (const id of ids.filter(isAtWork)) await ports.park(id, traceId) },
    restore: (scope, restore, emit) => restoreTasks(ports, scope, restore, emit),
  }
}

function compare(store: Store, sessionId: string, from: number, to: number): Omit<RevisionItem, 'note' | 'conflict'>[] {
  const [older, newer] = from < to ? [from, to] : [to, from]
  const ids = new Set(store.taskRevisions.changedSince(sessionId, older).filter(({ number }) => number <= newer).map(({ taskId }) => taskId))
  const at = (id: string, revision: number) => store.taskRevisions.newestUpTo(id, revision)?.task ?? null
  return [...ids].flatMap((id) => difference(id, at(id, from), at(id, to)))
}

function difference(id: string, before: SavedTask | null, after: SavedTask | null): Omit<RevisionItem, 'note' | 'conflict'>[] {
  const title = (after ?? before)?.title ?? ''
  if (!before || !after) {
    if (!before && !after) return []
    return [{ id, title, change: before ? 'removed' : 'added', before: before && describeTask(before), after: after && describeTask(after) }]
  }
  const fields = taskFields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
  return fields.length === 0 ? [] : [{ id, title, change: 'changed', before: describeTask(before, fields), after: describeTask(after, fields) }]
}

/** What is not as it was at a revision, in the order in which it came about. */
function returningTo({ store, dueTimes, clock }: TaskPartPorts, sessionId: string, revision: number): Returning[] {
  const changes = new Map<string, TaskRevision[]>()
  for (const change of store.taskRevisions.changedSince(sessionId, revision)) changes.set(change.taskId, [...(changes.get(change.taskId) ?? []), change])
  return [...changes].flatMap(([id, since]) => {
    const before = store.taskRevisions.newestUpTo(id, revision)?.task ?? null
    const now = store.tasks.detail(id)
    const last = now ?? since.findLast(({ task }) => task !== null)?.task ?? null
    const { task: then, note } = before ? atRest(before, last ?? before, (when) => dueTimes.next(when, clock.now())) : { task: null, note: null }
    return difference(id, now, then).length === 0 ? [] : [{ id, now, then, note, since }]
  })
}

/** A state in which nothing starts that had not been about to: what was at work, or has been since, waits in the backlog. */
function atRest(task: SavedTask, last: SavedTask, nextDue: (when: DueWhen) => number | null): { readonly task: SavedTask; readonly note: string | null } {
  const { state, when } = task
  if (state === 'running' || state === 'needs_you' || (state === 'ready' && last.attempt !== task.attempt)) {
    const reason = state === 'ready' ? 'It went back to before it was started. Move it to Ready to start it again.' : 'It went back to a moment at which it was at work. Move it to Ready to go on.'
    return { task: { ...task, state: 'backlog', reason, endedAt: null }, note: `It was ${stateName(state)} then; it waits in Backlog, so that nothing starts by itself.` }
  }
  if (state !== 'scheduled' || when.kind === 'adhoc') return { task, note: null }
  const nextDueAt = nextDue(when)
  if (nextDueAt !== null) return { task: { ...task, nextDueAt }, note: null }
  return { task: { ...task, state: 'backlog', nextDueAt: null, reason: 'All of its due times are over.' }, note: 'All of its due times are over, so it waits in Backlog.' }
}

function toItem({ id, now, then, note, since }: Returning): RevisionItem {
  const [change] = difference(id, now, then)
  if (!change) throw new Error(`task ${id} is as it was`)
  const stops = now?.state === 'running' || now?.state === 'needs_you' ? 'Its work is stopped first.' : null
  // Whoever made it in the session did so as a part of it.
  const foreign = since.slice(then ? 0 : 1).some(({ by }) => by === 'person' || by === 'script')
  const text = now ? 'You changed it since.' : 'You removed it since.'
  return { ...change, note: [stops, note].filter((words) => words !== null).join(' ') || null, conflict: foreign ? { text, choice: 'keep' } : null }
}

function restoreTasks(ports: TaskPartPorts, { sessionId }: PartScope, restore: PartRestore, emit: Emit): number {
  const { store } = ports
  const wanted = new Set(restore.ids)
  // What has begun to work at the last moment is left as it is.
  const returning = returningTo(ports, sessionId, restore.revision).filter(({ id, now }) => wanted.has(id) && now?.state !== 'running' && now?.state !== 'needs_you')
  for (const { id, now } of returning) if (!now) store.taskRevisions.bringBack(id)
  for (const { id, then } of returning) if (then) putBack(ports, id, then, restore, emit)
  removeAll(ports, returning.filter(({ then }) => !then).map(({ id }) => id), restore, emit)
  return returning.length
}

function putBack({ store, clock }: TaskPartPorts, id: string, then: SavedTask, { label, traceId }: PartRestore, emit: Emit): void {
  const now = store.tasks.detail(id)
  if (!now) return
  const { title, instruction, context, result, when, template, model, mode, priority, tags, budget, attempts, deadline, checklist, review, state, reason, pausedReason, nextDueAt, startAfter, error, startedAt, endedAt } = then
  const workspaceId = then.workspaceId === null || store.workspaces.get(then.workspaceId) ? then.workspaceId : now.workspaceId
  store.tasks.patch(id, {
    title, instruction, context, result, when, template, workspaceId, model, mode, priority, tags, budget, attempts, deadline, checklist, review, state, reason, pausedReason, nextDueAt, startAfter, error, startedAt, endedAt,
    generation: state === 'ready' ? now.generation + 1 : now.generation, countFrom: now.attempt, revision: now.revision + 1, updatedAt: clock.now(),
  })
  store.tasks.setDependencies(id, then.dependsOn.filter((other) => store.tasks.get(other)))
  const after = store.tasks.detail(id) ?? now
  store.tasks.addChange(id, { revision: after.revision, at: clock.now(), by: 'trestle', cause: `Went back with its conversation: ${label}`, fromState: now.state, toState: state, fields: changedFields(now, after) })
  for (const other of [id, ...onlookers(store, after)]) tellTask(store, emit, other, traceId)
}

function removeAll({ store, clock }: TaskPartPorts, taskIds: readonly string[], { label, traceId }: PartRestore, emit: Emit): void {
  if (taskIds.length === 0) return
  const removed = new Set(taskIds)
  const tasks = taskIds.flatMap((id) => store.tasks.get(id) ?? [])
  const others = tasks.flatMap((task) => onlookers(store, task).map((other) => ({ other, task }))).filter(({ other }) => !removed.has(other))
  for (const id of taskIds) store.taskRevisions.remove(id)
  emit({ topic: 'task.removed', payload: { taskIds: [...taskIds] } }, { sessionId: null, runId: null, traceId })
  for (const { other, task } of others) {
    // It would start now although what it waited for was never done.
    if (store.tasks.get(other)?.state === 'ready' && task.parentId !== other && task.state !== 'done') {
      changeTask({ store, clock }, emit, other, { to: 'needs_you', by: 'trestle', traceId, cause: `“${task.title}”, which it waited for, went: ${label}`, patch: { reason: `“${task.title}”, which it waited for, is gone. Move it to Ready to start it all the same.` } })
    } else tellTask(store, emit, other, traceId)
  }
}
