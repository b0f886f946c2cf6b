import type { Database } from 'better-sqlite3'
import type { TaskChange } from '#contract/tasks'
import type { SavedTask, TaskRevision, TaskRevisionStore } from '#core/ports/task-revision-store'
import { atomic } from './atomic'
import { type TaskRow, toTask } from './task-columns'

type Row = Readonly<Record<string, string | number | null>>

interface Kept {
  readonly task: Row
  readonly texts: { readonly instruction: string; readonly context: string; readonly result: string | null }
  readonly dependsOn: readonly string[]
  /** Of a removed one, what went with it: rows by table. */
  readonly rest?: Readonly<Record<string, readonly Row[]>>
}

interface RevisionRow {
  readonly number: number
  readonly task_id: string
  readonly by: TaskChange['by']
  readonly removed: number
  readonly state: string
}

const columns = 'number, task_id, by, removed, state'
/** What is removed with a task, and by which column it belongs to it. Their own places are given anew. */
const belongings: readonly (readonly [table: string, column: string])[] = [
  ['task_changes', 'task'], ['task_runs', 'task_id'], ['task_comments', 'task_id'], ['task_dependencies', 'task_id'], ['task_dependencies', 'depends_on'], ['occurrences', 'schedule_id'],
]

export const taskRevisionQueries = {
  newest: 'SELECT max(number) FROM task_revisions WHERE session_id = ?',
  changedSince: `SELECT ${columns} FROM task_revisions WHERE session_id = ? AND number > ? ORDER BY number`,
  newestUpTo: `SELECT ${columns} FROM task_revisions WHERE task_id = ? AND number <= ? ORDER BY number DESC LIMIT 1`,
}

/** What the tables of tasks call when one has changed or is about to be removed. */
export interface TaskRevisionNotes {
  noteChange(id: string, by: TaskChange['by']): void
  noteRemoval(id: string, by: TaskChange['by']): void
}

export function createTaskRevisionStore(db: Database): TaskRevisionStore & TaskRevisionNotes {
  const sessionOf = db.prepare<[string], string>('SELECT s.id FROM tasks t JOIN sessions s ON s.id = t.source_session_id WHERE t.id = ?').pluck()
  const selectTask = db.prepare<[string], Row>('SELECT * FROM tasks WHERE id = ?')
  const selectTexts = db.prepare<[number], Kept['texts']>('SELECT instruction, context, result FROM task_texts WHERE task = ?')
  const selectDependencies = db.prepare<[string], string>('SELECT depends_on FROM task_dependencies WHERE task_id = ? ORDER BY depends_on').pluck()
  const insert = db.prepare('INSERT INTO task_revisions (task_id, session_id, by, removed, state) VALUES (?, ?, ?, ?, ?)')
  const newest = db.prepare<[string], number | null>(taskRevisionQueries.newest).pluck()
  const changedSince = db.prepare<[string, number], RevisionRow>(taskRevisionQueries.changedSince)
  const newestUpTo = db.prepare<[string, number], RevisionRow>(taskRevisionQueries.newestUpTo)
  const remove = db.prepare<[string]>('DELETE FROM tasks WHERE id = ?')

  const note = (id: string, by: TaskChange['by'], removed: boolean) => {
    const sessionId = sessionOf.get(id)
    const task = sessionId === undefined ? undefined : selectTask.get(id)
    const texts = task && selectTexts.get(Number(task['position']))
    if (!task || !texts) return
    const kept: Kept = { task, texts, dependsOn: selectDependencies.all(id), ...(removed && { rest: restOf(db, id, Number(task['position'])) }) }
    insert.run(id, sessionId, by, removed ? 1 : 0, JSON.stringify(kept))
  }
  const noteRemoval: TaskRevisionNotes['noteRemoval'] = (id, by) => { note(id, by, true) }
  return {
    noteRemoval,
    noteChange: (id, by) => { note(id, by, false) },
    newest: (sessionId) => newest.get(sessionId) ?? 0,
    changedSince: (sessionId, revision) => changedSince.all(sessionId, revision).map(toRevision),
    newestUpTo: (taskId, revision) => {
      const row = newestUpTo.get(taskId, revision)
      return row ? toRevision(row) : null
    },
    remove: atomic(db, (id) => {
      noteRemoval(id, 'trestle')
      remove.run(id)
    }),
    bringBack: atomic(db, (id) => {
      const row = newestUpTo.get(id, Number.MAX_SAFE_INTEGER)
      if (row?.removed === 1 && !selectTask.get(id)) putBack(db, JSON.parse(row.state))
    }),
  }
}

function toRevision({ number, task_id: taskId, by, removed, state }: RevisionRow): TaskRevision {
  return { number, taskId, by, task: removed === 1 ? null : toSaved(JSON.parse(state)) }
}

function toSaved({ task, texts, dependsOn }: Kept): SavedTask {
  const row = { ...task, depends_on: JSON.stringify(dependsOn), blocked_by: '[]', children_done: 0, children_total: 0 } as unknown as TaskRow
  return { ...toTask(row), ...texts }
}

function restOf(db: Database, id: string, position: number): NonNullable<Kept['rest']> {
  const rest: Record<string, Row[]> = {}
  for (const [table, column] of belongings) {
    const rows = db.prepare<[string | number], Row>(`SELECT * FROM ${table} WHERE ${column} = ?`).all(table === 'task_changes' ? position : id)
    rest[table] = [...(rest[table] ?? []), ...rows]
  }
  return rest
}

/** A dependency on a task that is gone too comes back with that one. */
function putBack(db: Database, { task, texts, rest }: Kept): void {
  const position = insertRow(db, 'tasks', { ...task, position: null })
  insertRow(db, 'task_texts', { task: position, ...texts })
  const isThere = db.prepare<[string], number>('SELECT 1 FROM tasks WHERE id = ?').pluck()
  for (const [table, rows] of Object.entries(rest ?? {})) {
    for (const row of rows) {
      if (table === 'task_dependencies' && !(isThere.get(String(row['task_id'])) && isThere.get(String(row['depends_on'])))) continue
      insertRow(db, table, table === 'task_changes' ? { ...row, task: position } : 'position' in row ? { ...row, position: null } : row)
    }
  }
}

/** Columns that an older state does not know get their default. */
function insertRow(db: Database, table: string, row: Row): number {
  const known = new Set(db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table))
  const names = Object.keys(row).filter((name) => known.has(name))
  const statement = db.prepare(`INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`)
  return Number(statement.run(row).lastInsertRowid)
}
