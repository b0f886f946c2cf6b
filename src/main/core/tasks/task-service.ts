import type { Settings } from '#contract/settings'
import { type MoveTo, type Task, type TaskChange, type TaskDetail, type TaskKind, type TaskPatch, type TaskSource, type TaskSpec, TaskSpecSchema, type TaskState } from '#contract/tasks'
import type { AgentTemplates } from '../agents/templates'
import { AppError, notFound } from '../errors'
import type { Emit, EventStream } from '../events/event-stream'
import type { Page, Store } from '../ports/store'
import type { StoredTask, TaskQuery } from '../ports/task-store'
import type { Clock, NewId } from '../ports/system'
import { placeInColumn } from './board-order'
import { changeTask, getTask, onlookers, present, tellTask } from './change-task'
import { checkParent, checkReferences } from './check-spec'
import type { DueTimes } from './due-times'
import type { Preflight } from './preflight'
import { type Actor, stateName } from './states'

const KEY_KEPT_MS = 24 * 60 * 60 * 1000

/** Who asks, and from where. */
export interface Origin {
  readonly source: TaskSource
  readonly traceId: string
}

export interface NewTaskInput extends TaskSpec {
  readonly start: 'backlog' | 'ready'
  readonly parentId?: string | undefined
  readonly idempotencyKey?: string | undefined
}

/** What an agent says of a task; the rest is as by default. */
export interface TaskOfMany extends Pick<TaskSpec, 'title' | 'instruction' | 'context' | 'template' | 'mode' | 'budget' | 'workspaceId' | 'dependsOn'> {
  readonly id: string
  readonly priority?: TaskSpec['priority']
  readonly model?: TaskSpec['model']
  readonly start?: NewTaskInput['start']
}

export interface TaskService {
  /** A planned or scheduled task begins paused, with the reason, when it could not work by itself. With the key of an earlier task of the same words: that task. With other words: AppError CONFLICT. */
  create(input: NewTaskInput, origin: Origin): Promise<TaskDetail>
  get(id: string): TaskDetail
  list(query: TaskQuery): Page<Task>
  history(id: string, query: { readonly cursor?: string | undefined; readonly limit: number }): Page<TaskChange>
  /** AppError CONFLICT when the task has another revision than the one that was seen. */
  patch(id: string, patch: TaskPatch, revision: number | undefined, origin: Origin): TaskDetail
  /** Stops what it leaves; resolves when nothing of it runs any more. */
  move(id: string, to: MoveTo | undefined, afterId: string | null | undefined, origin: Origin): Promise<Task>
  /** With its children. Stops them first. */
  remove(id: string, origin: Origin): Promise<void>
  /** Tasks that run once, each after those that it waits for, in the transaction at hand. Throws AppError; then nothing may stay of it. */
  createMany(emit: Emit, tasks: readonly TaskOfMany[], origin: Origin): void
  /** The task of one due time of a planned or scheduled task; inside the transaction that claims it. */
  createOccurrence(emit: Emit, scheduleId: string, dueAt: number, cause: string, traceId: string): Task
}

export interface TaskServicePorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
  readonly settings: () => Settings
  readonly templates: Pick<AgentTemplates, 'get'>
  readonly dueTimes: DueTimes
  readonly preflight: (task: Pick<Task, 'workspaceId' | 'model' | 'mode' | 'template'>) => Promise<Preflight>
  /** Ends the attempt at a task that is at work or waits; the task is told to be elsewhere before. Resolves when it has stopped. */
  readonly stopAttempt: (taskId: string, traceId: string) => Promise<void>
}

export function createTaskService(ports: TaskServicePorts): TaskService {
  const { store } = ports
  return {
    create: (input, origin) => create(ports, input, origin),
    get: (id) => detailOf(store, id),
    list: (query) => {
      const { items, nextCursor } = store.tasks.list(query)
      return { items: items.map((task) => present(store, task)), nextCursor }
    },
    history: (id, query) => store.tasks.changes(getTask(store, id).id, query),
    patch: (id, patch, revision, origin) => applyPatch(ports, id, patch, revision, origin),
    move: (id, to, afterId, origin) => move(ports, id, to, afterId, origin),
    remove: (id, origin) => remove(ports, id, origin),
    createMany: (emit, tasks, origin) => createMany(ports, emit, tasks, origin),
    createOccurrence: (emit, scheduleId, dueAt, cause, traceId) => createOccurrence(ports, emit, { scheduleId, dueAt, cause, traceId }),
  }
}

export function detailOf(store: Store, id: string): TaskDetail {
  const detail = store.tasks.detail(id)
  if (!detail) throw notFound('Task', id)
  const { instruction, context, result, ...task } = detail
  return { ...present(store, task), instruction, context, result }
}

/** A task with due times to come is scheduled where another one would be ready. */
export function armedState(kind: TaskKind): TaskState {
  return kind === 'adhoc' ? 'ready' : 'scheduled'
}

async function create(ports: TaskServicePorts, { idempotencyKey, ...input }: NewTaskInput, { source, traceId }: Origin): Promise<TaskDetail> {
  const { store, events, clock, newId, settings } = ports
  const { missing, approvals } = input.when.kind === 'adhoc' ? { missing: null, approvals: null } : await ports.preflight(input)
  const id = newId()
  return events.transact((emit) => {
    if (idempotencyKey !== undefined) {
      const at = clock.now()
      const known = store.tasks.claimKey({ scope: source.sessionId ?? source.by, key: idempotencyKey, body: JSON.stringify(input), taskId: id, at, notBefore: at - KEY_KEPT_MS })
      if (known) return knownTask(store, known)
    }
    const { tasks: limits, limits: { maxDepth } } = settings()
    checkReferences(store, null, input)
    ports.templates.get(input.template)
    if (input.parentId !== undefined) checkParent(store, input.parentId, input.mode, maxDepth)
    if (store.tasks.countOpen() >= limits.maxOpen) {
      throw new AppError('CONFLICT', `${limits.maxOpen} tasks are open already, which is the limit. Finish or remove some, or raise it in Settings; nothing was made.`)
    }
    const { start, parentId, ...spec } = input
    const { when } = spec
    const state = start === 'backlog' ? 'backlog' : armedState(when.kind)
    const nextDueAt = when.kind === 'adhoc' ? null : ports.dueTimes.next(when, clock.now())
    if (when.kind !== 'adhoc' && nextDueAt === null) throw new AppError('INVALID_PARAMETERS', 'All of its due times are over. Nothing was made.')
    insertTask(ports, emit, {
      ...spec, dependsOn: [...new Set(spec.dependsOn)], id, state, reason: null, pausedReason: missing ?? approvals, parentId: parentId ?? null, scheduleId: null, dueAt: null,
      nextDueAt: state === 'scheduled' ? nextDueAt : null, startAfter: when.kind === 'adhoc' ? when.notBefore : null, generation: state === 'ready' ? 1 : 0, source,
      createdAt: clock.now(),
    }, 'Created', source.by, traceId)
    return detailOf(store, id)
  })
}

/** The tasks of an agent that works on a task are below that one. */
function createMany(ports: TaskServicePorts, emit: Emit, tasks: readonly TaskOfMany[], { source, traceId }: Origin): void {
  const { store, clock, settings } = ports
  const { tasks: { maxOpen }, limits: { maxDepth } } = settings()
  const above = source.sessionId === null ? null : rootOf(store, source.sessionId)
  const parentId = above === null ? null : (store.taskRuns.findBySession(above.sessionId)?.taskId ?? null)
  if (above !== null && above.depth >= maxDepth) throw new AppError('MAX_DEPTH_EXCEEDED', `Agents may start agents ${maxDepth} levels deep. Nothing was made.`)
  if (store.tasks.countOpen() + tasks.length > maxOpen) throw new AppError('CONFLICT', `${maxOpen} tasks may be open, and these would be more. Finish or remove some, or raise it in Settings; nothing was made.`)
  for (const { id, start = 'ready', ...task } of inOrderOf(tasks)) {
    const spec = TaskSpecSchema.parse(task)
    checkReferences(store, null, spec)
    ports.templates.get(spec.template)
    if (parentId !== null) checkParent(store, parentId, spec.mode, maxDepth)
    insertTask(ports, emit, {
      ...spec, dependsOn: [...new Set(spec.dependsOn)], id, state: start, reason: null, pausedReason: null, parentId, scheduleId: null, dueAt: null, nextDueAt: null, startAfter: null,
      generation: start === 'ready' ? 1 : 0, source, createdAt: clock.now(),
    }, 'Created', source.by, traceId)
  }
}

/** Each after those of the same call that it waits for; a circle is left to the check of references. */
function inOrderOf(tasks: readonly TaskOfMany[]): TaskOfMany[] {
  const left = new Map(tasks.map((task) => [task.id, task]))
  const ordered: TaskOfMany[] = []
  while (left.size > 0) {
    const next = [...left.values()].filter(({ dependsOn }) => !dependsOn.some((id) => left.has(id)))
    for (const task of next.length > 0 ? next : left.values()) {
      ordered.push(task)
      left.delete(task.id)
    }
  }
  return ordered
}

/** The conversation at the top of a chain of agents, and how deep the one at its end is. */
function rootOf({ agents }: Pick<Store, 'agents'>, sessionId: string): { readonly sessionId: string; readonly depth: number } {
  const depth = agents.get(sessionId)?.depth ?? 0
  let root = sessionId
  for (let agent = agents.get(root); agent && agent.level !== 'task' && agent.parentSessionId !== null; agent = agents.get(root)) root = agent.parentSessionId
  return { sessionId: root, depth }
}

function knownTask(store: Store, { taskId, sameBody }: { readonly taskId: string; readonly sameBody: boolean }): TaskDetail {
  if (!sameBody) throw new AppError('CONFLICT', 'This idempotency key was used for another task within the last day. Take another key; nothing was made.')
  const known = store.tasks.get(taskId)
  if (!known) throw new AppError('CONFLICT', 'The task that was made with this idempotency key was removed. Take another key; nothing was made.')
  return detailOf(store, taskId)
}

type Insert = Parameters<Store['tasks']['insert']>[0] & { readonly dependsOn: readonly string[] }

function insertTask({ store, clock }: TaskServicePorts, emit: Emit, task: Insert, cause: string, by: Actor, traceId: string): void {
  store.tasks.insert(task)
  store.tasks.setDependencies(task.id, task.dependsOn)
  store.tasks.addChange(task.id, { revision: 1, at: clock.now(), by, cause, fromState: null, toState: task.state, fields: [] })
  tellTask(store, emit, task.id, traceId)
  if (task.parentId !== null) tellTask(store, emit, task.parentId, traceId)
}

function createOccurrence(
  ports: TaskServicePorts, emit: Emit, { scheduleId, dueAt, cause, traceId }: { readonly scheduleId: string; readonly dueAt: number; readonly cause: string; readonly traceId: string },
): Task {
  const { store, clock, newId } = ports
  const schedule = store.tasks.detail(scheduleId)
  if (!schedule) throw notFound('Task', scheduleId)
  const id = newId()
  const { title, instruction, context, template, workspaceId, model, mode, priority, tags, budget, attempts, checklist, review, dependsOn } = schedule
  insertTask(ports, emit, {
    title, instruction, context, template, workspaceId, model, mode, priority, tags, budget, attempts, review, dependsOn,
    checklist: checklist.map(({ text }) => ({ text, done: false })),
    when: { kind: 'adhoc', notBefore: null }, deadline: null, id, state: 'ready', reason: null, pausedReason: null, parentId: null, scheduleId, dueAt, nextDueAt: null,
    startAfter: null, generation: 1, source: { by: 'schedule', sessionId: null, runId: null }, createdAt: clock.now(),
  }, cause, 'schedule', traceId)
  return present(store, getTask(store, id))
}

function applyPatch(ports: TaskServicePorts, id: string, patch: TaskPatch, revision: number | undefined, { source: { by }, traceId }: Origin): TaskDetail {
  const { store, events, clock } = ports
  return events.transact((emit) => {
    const task = getTask(store, id)
    if (revision !== undefined && revision !== task.revision) {
      throw new AppError('CONFLICT', 'This task was changed meanwhile. Look at it again; nothing was changed.', { data: { revision: task.revision } })
    }
    checkReferences(store, id, patch)
    if (patch.template !== undefined) ports.templates.get(patch.template)
    const { dependsOn, when, ...fields } = patch
    if (fields.mode !== undefined && task.parentId !== null) checkParent(store, task.parentId, fields.mode, Number.MAX_SAFE_INTEGER)
    changeTask(ports, emit, id, {
      by, traceId, cause: 'Changed', patch: { ...fields, ...(when && whenPatch(ports, task, when, clock.now())) },
      ...(when && isArmed(task) && { to: armedState(when.kind) }), ...(dependsOn && { dependsOn: [...new Set(dependsOn)] }),
    })
    return detailOf(store, id)
  })
}

function isArmed({ state }: StoredTask): boolean {
  return state === 'ready' || state === 'scheduled'
}

function whenPatch(ports: TaskServicePorts, task: StoredTask, when: Task['when'], now: number) {
  if (when.kind === 'adhoc') return { when, startAfter: when.notBefore, nextDueAt: null }
  if (task.when.kind === 'adhoc' && task.attempt > 0) throw new AppError('CONFLICT', 'This task was started already. Make a new one for due times; nothing was changed.')
  const nextDueAt = ports.dueTimes.next(when, now)
  if (nextDueAt === null) throw new AppError('INVALID_PARAMETERS', 'All of these due times are over. Nothing was changed.')
  return { when, startAfter: null, nextDueAt: isArmed(task) ? nextDueAt : null }
}

async function move(ports: TaskServicePorts, id: string, to: MoveTo | undefined, afterId: string | null | undefined, { source: { by }, traceId }: Origin): Promise<Task> {
  const { store, events, clock } = ports
  const task = getTask(store, id)
  const target = to === 'ready' ? armedState(task.when.kind) : (to ?? task.state)
  const moves = target !== task.state
  if (moves && target === 'ready' && task.state === 'running') throw new AppError('CONFLICT', 'This task is running already.')
  events.transact((emit) => {
    const nextDueAt = target === 'scheduled' && task.when.kind !== 'adhoc' ? ports.dueTimes.next(task.when, clock.now()) : null
    if (target === 'scheduled' && nextDueAt === null) throw new AppError('CONFLICT', 'All of its due times are over. Give it new ones first.')
    if (moves) {
      changeTask(ports, emit, id, {
        to: target, by, traceId, cause: `Moved to ${stateName(target)}`,
        patch: { ...(target === 'ready' && { startAfter: null, error: null }), ...(nextDueAt !== null && { nextDueAt }) },
      })
    }
    if (afterId === undefined) return
    store.tasks.patch(id, { order: placeInColumn(store.tasks, target, afterId, (other) => tellTask(store, emit, other, traceId)) })
    tellTask(store, emit, id, traceId)
  })
  if (moves) await ports.stopAttempt(id, traceId)
  return present(store, getTask(store, id))
}

async function remove(ports: TaskServicePorts, id: string, { traceId }: Origin): Promise<void> {
  const { store, events } = ports
  getTask(store, id)
  await Promise.all(withDescendants(store, id).map((taskId) => ports.stopAttempt(taskId, traceId)))
  events.transact((emit) => {
    const taskIds = withDescendants(store, id)
    const removed = new Set(taskIds)
    const others = taskIds.flatMap((taskId) => onlookers(store, getTask(store, taskId))).filter((other) => !removed.has(other))
    const waiting = taskIds.flatMap((taskId) => orphans(store, taskId, removed))
    for (const taskId of taskIds.toReversed()) store.tasks.remove(taskId)
    emit({ topic: 'task.removed', payload: { taskIds } }, { sessionId: null, runId: null, traceId })
    for (const [other, title] of waiting) {
      changeTask(ports, emit, other, { to: 'needs_you', by: 'trestle', traceId, cause: `“${title}”, which it waited for, was removed`, patch: { reason: `“${title}”, which it waited for, was removed before it was done. Move it to Ready to start it all the same.` } })
    }
    for (const other of new Set(others)) tellTask(store, emit, other, traceId)
  })
}

/** Ready tasks that waited for it: without it they would start although it was never done. */
function orphans(store: Store, id: string, removed: ReadonlySet<string>): [string, string][] {
  const { state, title } = getTask(store, id)
  if (state === 'done') return []
  return store.tasks.dependants(id).filter((other) => !removed.has(other) && getTask(store, other).state === 'ready').map((other) => [other, title])
}

/** Parents before their children. */
export function withDescendants(store: Pick<Store, 'tasks'>, id: string): string[] {
  return [id, ...store.tasks.children(id).flatMap((child) => withDescendants(store, child))]
}
