import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { TaskChange, TaskState } from '#contract/tasks'
import { notFound } from '#core/errors'
import type { TaskQuery, TaskStore } from '#core/ports/task-store'
import { atomic } from './atomic'
import { decodeCursor, encodeCursor } from './cursor'
import type { TaskRevisionNotes } from './task-revisions'
import { taskColumns, type TaskRow, toInsertRow, toTask, toUpdateRow } from './task-columns'

interface TextRow { readonly instruction: string; readonly context: string; readonly result: string | null }

interface ChangeRow {
  readonly revision: number
  readonly at: number
  readonly by: TaskChange['by']
  readonly cause: string
  readonly from_state: TaskState | null
  readonly to_state: TaskState
  readonly fields: string
}

const from = `SELECT ${taskColumns} FROM tasks t`
const filters = `(@state IS NULL OR t.state = @state) AND (@kind IS NULL OR t.kind = @kind) AND (@workspaceId IS NULL OR t.workspace_id = @workspaceId)
  AND (@scheduleId IS NULL OR t.schedule_id = @scheduleId) AND (@parentId IS NULL OR t.parent_id = @parentId) AND (@priority IS NULL OR t.priority = @priority)
  AND (@template IS NULL OR t.template = @template)
  AND (@tag IS NULL OR EXISTS (SELECT 1 FROM json_each(t.spec, '$.tags') WHERE value = @tag))
  AND (@text IS NULL OR t.title LIKE @text ESCAPE '\\' OR EXISTS (SELECT 1 FROM task_texts x WHERE x.task = t.position AND x.instruction LIKE @text ESCAPE '\\'))`

const newestFirst = 'AND t.position < @position ORDER BY t.position DESC LIMIT @limit'
const onBoard = 'AND (t.board_order, t.position) > (@order, @position) ORDER BY t.board_order, t.position LIMIT @limit'
export const openStates = "('backlog', 'scheduled', 'ready', 'running', 'needs_you', 'review')"

export const taskQueries = {
  get: `${from} WHERE t.id = ?`,
  list: `${from} WHERE ${filters} ${newestFirst}`,
  listOnBoard: `${from} WHERE ${filters} ${onBoard}`,
  listOfState: `${from} WHERE t.state = @state AND ${filters} ${onBoard}`,
  listOfSchedule: `${from} WHERE t.schedule_id = @scheduleId AND ${filters} ${newestFirst}`,
  listOfParent: `${from} WHERE t.parent_id = @parentId AND ${filters} ${newestFirst}`,
  idsInState: 'SELECT id FROM tasks WHERE state = ? ORDER BY board_order, position',
  overdue: "SELECT id FROM tasks WHERE state = 'ready' AND spec ->> 'deadline' < ?",
  countOpen: `SELECT count(*) FROM tasks WHERE state IN ${openStates}`,
  children: 'SELECT id FROM tasks WHERE parent_id = ? ORDER BY position',
  madeByRun: `${from} WHERE t.source_run_id = ? ORDER BY t.position`,
  dependants: 'SELECT task_id FROM task_dependencies WHERE depends_on = ? ORDER BY task_id',
  dependencies: 'SELECT depends_on FROM task_dependencies WHERE task_id = ? ORDER BY depends_on',
  orderAfter: 'SELECT board_order FROM tasks WHERE state = ? AND board_order > ? ORDER BY board_order LIMIT 1',
  firstOrder: 'SELECT board_order FROM tasks WHERE state = ? ORDER BY board_order LIMIT 1',
  changes: `SELECT c.revision, c.at, c.by, c.cause, c.from_state, c.to_state, c.fields FROM tasks t CROSS JOIN task_changes c ON c.task = t.position
    WHERE t.id = @id AND c.revision < @before ORDER BY c.revision DESC LIMIT @limit`,
  forgetKeys: 'DELETE FROM task_keys WHERE at < ?',
}

const PositionSchema = z.tuple([z.number().int().nonnegative()])
const PlaceSchema = z.tuple([z.number(), z.number().int()])

export function createTaskStore(db: Database, revisions: TaskRevisionNotes): TaskStore {
  const insert = db.prepare(`INSERT INTO tasks (id, kind, state, title, priority, workspace_id, template, spec, reason, paused_reason, board_order, parent_id, schedule_id, due_at,
      next_due_at, start_after, generation, source_by, source_session_id, source_run_id, created_at, updated_at)
    VALUES (@id, @kind, @state, @title, @priority, @workspaceId, @template, @spec, @reason, @pausedReason, (SELECT coalesce(max(board_order), 0) + 1 FROM tasks), @parentId,
      @scheduleId, @dueAt, @nextDueAt, @startAfter, @generation, @sourceBy, @sourceSessionId, @sourceRunId, @createdAt, @createdAt)`)
  const insertTexts = db.prepare<[number | bigint, string, string]>('INSERT INTO task_texts (task, instruction, context) VALUES (?, ?, ?)')
  const select = db.prepare<[string], TaskRow>(taskQueries.get)
  const texts = db.prepare<[number], TextRow>('SELECT instruction, context, result FROM task_texts WHERE task = ?')
  const update = db.prepare(`UPDATE tasks SET kind = @kind, state = @state, title = @title, priority = @priority, workspace_id = @workspaceId, template = @template, spec = @spec,
    reason = @reason, paused_reason = @pausedReason, board_order = @order, next_due_at = @nextDueAt, start_after = @startAfter, generation = @generation, attempt = @attempt,
    session_id = @sessionId, run_id = @runId, input_tokens = @input_tokens, output_tokens = @output_tokens, cached_tokens = @cached_tokens, total_tokens = @total_tokens,
    estimated = @estimated, cost_usd = @cost_usd, error = @error, revision = @revision, updated_at = @updatedAt, activity_at = @activityAt, started_at = @startedAt,
    ended_at = @endedAt WHERE id = @id`)
  const updateTexts = db.prepare<[string, string, string | null, number]>('UPDATE task_texts SET instruction = ?, context = ?, result = ? WHERE task = ?')
  const lists = {
    newest: db.prepare<[object], TaskRow>(taskQueries.list), board: db.prepare<[object], TaskRow>(taskQueries.listOnBoard),
    state: db.prepare<[object], TaskRow>(taskQueries.listOfState), schedule: db.prepare<[object], TaskRow>(taskQueries.listOfSchedule),
    parent: db.prepare<[object], TaskRow>(taskQueries.listOfParent),
  }
  const remove = db.prepare<[string]>('DELETE FROM tasks WHERE id = ?')
  const madeByRun = db.prepare<[string], TaskRow>(taskQueries.madeByRun)
  const idsInState = db.prepare<[string], string>(taskQueries.idsInState).pluck()
  const overdue = db.prepare<[number], string>(taskQueries.overdue).pluck()
  const countOpen = db.prepare<[], number>(taskQueries.countOpen).pluck()
  const orderAfter = db.prepare<[string, number], number>(taskQueries.orderAfter).pluck()
  const firstOrder = db.prepare<[string], number>(taskQueries.firstOrder).pluck()
  const get = (id: string) => {
    const row = select.get(id)
    return row ? toTask(row) : null
  }
  const detail: TaskStore['detail'] = (id) => {
    const row = select.get(id)
    const text = row && texts.get(row.position)
    return row && text ? { ...toTask(row), ...text } : null
  }
  return {
    insert: atomic(db, (task) => {
      insertTexts.run(insert.run(toInsertRow(task)).lastInsertRowid, task.instruction, task.context)
    }),
    get, detail,
    list: (query) => {
      const rows = statementFor(lists, query).all(parametersOf(query))
      const items = rows.slice(0, query.limit)
      const last = items.at(-1)
      const nextCursor = rows.length > query.limit && last ? encodeCursor(query.order === 'board' ? [last.board_order, last.position] : [last.position]) : null
      return { items: items.map(toTask), nextCursor }
    },
    patch: atomic(db, (id, { instruction, context, result, ...patch }) => {
      const row = select.get(id)
      if (!row) throw notFound('Task', id)
      update.run(toUpdateRow({ ...toTask(row), ...withoutUndefined(patch) }))
      if (instruction === undefined && context === undefined && result === undefined) return
      const text = texts.get(row.position)
      if (text) updateTexts.run(instruction ?? text.instruction, context ?? text.context, result === undefined ? text.result : result, row.position)
    }),
    remove: atomic(db, (id) => {
      revisions.noteRemoval(id, 'person')
      remove.run(id)
    }),
    madeByRun: (runId) => madeByRun.all(runId).map(toTask),
    idsInState: (state) => idsInState.all(state),
    overdue: (now) => overdue.all(now),
    countOpen: () => countOpen.get() ?? 0,
    orderAfter: (state, order) => orderAfter.get(state, order) ?? null,
    firstOrder: (state) => firstOrder.get(state) ?? null,
    ...createTaskLinks(db), ...createTaskHistory(db, revisions), ...createTaskKeys(db),
  }
}

function createTaskLinks(db: Database): Pick<TaskStore, 'children' | 'dependants' | 'dependencies' | 'setDependencies'> {
  const children = db.prepare<[string], string>(taskQueries.children).pluck()
  const dependants = db.prepare<[string], string>(taskQueries.dependants).pluck()
  const dependencies = db.prepare<[string], string>(taskQueries.dependencies).pluck()
  const dropDependencies = db.prepare<[string]>('DELETE FROM task_dependencies WHERE task_id = ?')
  const addDependency = db.prepare<[string, string]>('INSERT OR IGNORE INTO task_dependencies (task_id, depends_on) VALUES (?, ?)')
  const setDependencies = (id: string, dependsOn: readonly string[]) => {
    dropDependencies.run(id)
    for (const other of dependsOn) addDependency.run(id, other)
  }
  return {
    children: (id) => children.all(id),
    dependants: (id) => dependants.all(id),
    dependencies: (id) => dependencies.all(id),
    setDependencies: atomic(db, setDependencies),
  }
}

function createTaskHistory(db: Database, revisions: TaskRevisionNotes): Pick<TaskStore, 'addChange' | 'changes'> {
  const addChange = db.prepare(`INSERT INTO task_changes (task, revision, at, by, cause, from_state, to_state, fields)
    VALUES ((SELECT position FROM tasks WHERE id = @id), @revision, @at, @by, @cause, @fromState, @toState, @fields)`)
  const changes = db.prepare<[object], ChangeRow>(taskQueries.changes)
  return {
    addChange: atomic(db, (id, change) => {
      addChange.run({ ...change, id, fields: JSON.stringify(change.fields) })
      revisions.noteChange(id, change.by)
    }),
    changes: (id, { cursor, limit }) => {
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, PositionSchema)
      const rows = changes.all({ id, before, limit: limit + 1 })
      const last = rows[limit - 1]
      return { items: rows.slice(0, limit).map(toChange), nextCursor: rows.length > limit && last ? encodeCursor([last.revision]) : null }
    },
  }
}

function createTaskKeys(db: Database): Pick<TaskStore, 'claimKey'> {
  const forgetKeys = db.prepare<[number]>(taskQueries.forgetKeys)
  const findKey = db.prepare<[string, string], { readonly body: string; readonly task_id: string }>('SELECT body, task_id FROM task_keys WHERE scope = ? AND key = ?')
  const addKey = db.prepare<[string, string, string, string, number]>('INSERT INTO task_keys (scope, key, body, task_id, at) VALUES (?, ?, ?, ?, ?)')
  return {
    claimKey: atomic(db, ({ scope, key, body, taskId, at, notBefore }) => {
      forgetKeys.run(notBefore)
      const known = findKey.get(scope, key)
      if (known) return { taskId: known.task_id, sameBody: known.body === body }
      addKey.run(scope, key, body, taskId, at)
      return null
    }),
  }
}

interface Lists<T> { readonly newest: T; readonly board: T; readonly state: T; readonly schedule: T; readonly parent: T }

function statementFor<T>(lists: Lists<T>, { order, state, scheduleId, parentId }: TaskQuery): T {
  if (order === 'board') return state === undefined ? lists.board : lists.state
  if (scheduleId !== undefined) return lists.schedule
  return parentId === undefined ? lists.newest : lists.parent
}

function parametersOf({ order, cursor, text, limit, ...filter }: TaskQuery): object {
  const [boardOrder, position] = order === 'board'
    ? (cursor === undefined ? [-Number.MAX_VALUE, 0] : decodeCursor(cursor, PlaceSchema))
    : [0, cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor, PositionSchema)[0]]
  return {
    state: null, kind: null, workspaceId: null, scheduleId: null, parentId: null, priority: null, template: null, tag: null, ...withoutUndefined(filter),
    text: text === undefined || text.trim() === '' ? null : `%${text.trim().replaceAll(/[\\%_]/g, '\\$&')}%`, order: boardOrder, position, limit: limit + 1,
  }
}

type Defined<T> = { readonly [Field in keyof T]?: Exclude<T[Field], undefined> }

function withoutUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>
}

function toChange(row: ChangeRow): TaskChange {
  return { revision: row.revision, at: row.at, by: row.by, cause: row.cause, fromState: row.from_state, toState: row.to_state, fields: JSON.parse(row.fields) }
}

