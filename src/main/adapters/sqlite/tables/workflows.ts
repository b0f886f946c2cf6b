import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { type WorkflowBody, WorkflowBodySchema } from '#contract/workflows'
import { notFound } from '#core/errors'
import type { StoredWorkflow, StoredWorkflowRun, WorkflowStore } from '#core/ports/workflow-store'
import { decodeCursor, encodeCursor } from './cursor'

interface WorkflowRow {
  readonly id: string
  readonly body: string
  readonly revision: number
  readonly created_at: number
  readonly updated_at: number
  readonly deleted_at: number | null
}

interface RunRow {
  readonly position: number
  readonly id: string
  readonly workflow_id: string
  readonly name: string
  readonly state: StoredWorkflowRun['state']
  readonly workspace_id: string | null
  readonly mode: StoredWorkflowRun['mode']
  readonly definition: string
  readonly input_values: string
  readonly steps: string
  readonly output: string | null
  readonly error: string | null
  readonly session_id: string | null
  readonly source_by: StoredWorkflowRun['source']['by']
  readonly source_session_id: string | null
  readonly source_run_id: string | null
  readonly call_key: string | null
  readonly created_at: number
  readonly ended_at: number | null
}

const from = 'SELECT id, body, revision, created_at, updated_at, deleted_at FROM workflows'
const fromRuns = `SELECT position, id, workflow_id, name, state, workspace_id, mode, definition, input_values, steps, output, error, session_id, source_by, source_session_id, source_run_id, call_key,
  created_at, ended_at FROM workflow_runs`
const page = 'AND (@state IS NULL OR state = @state) AND position < @before ORDER BY position DESC LIMIT @limit'

export const workflowQueries = {
  get: `${from} WHERE id = ?`,
  list: `${from} WHERE deleted_at IS NULL ORDER BY name`,
  getRun: `${fromRuns} WHERE id = ?`,
  findRunByCall: `${fromRuns} WHERE source_run_id = ? AND call_key = ?`,
  findRunByTask: `${fromRuns} WHERE id = (SELECT run_id FROM workflow_tasks WHERE task_id = ?)`,
  listRuns: `${fromRuns} WHERE TRUE ${page}`,
  listRunsOf: `${fromRuns} WHERE workflow_id = @workflowId ${page}`,
  openRuns: `${fromRuns} WHERE state IN ('running', 'stopping') ORDER BY position`,
}

const CursorSchema = z.tuple([z.number().int().nonnegative()])

export function createWorkflowStore(db: Database): WorkflowStore {
  const insert = db.prepare('INSERT INTO workflows (id, name, body, revision, created_at, updated_at, deleted_at) VALUES (@id, @name, @body, @revision, @createdAt, @updatedAt, @deletedAt)')
  const replace = db.prepare('UPDATE workflows SET name = @name, body = @body, revision = @revision, updated_at = @updatedAt, deleted_at = @deletedAt WHERE id = @id')
  const select = db.prepare<[string], WorkflowRow>(workflowQueries.get)
  const list = db.prepare<[], WorkflowRow>(workflowQueries.list)
  const count = db.prepare<[], { readonly count: number }>('SELECT count(*) AS count FROM workflows WHERE deleted_at IS NULL')
  const insertRun = db.prepare(`INSERT INTO workflow_runs (id, workflow_id, name, state, workspace_id, mode, definition, input_values, steps, output, error, session_id, source_by, source_session_id,
    source_run_id, call_key, created_at, ended_at)
    VALUES (@id, @workflowId, @name, @state, @workspaceId, @mode, @definition, @values, @steps, @output, @error, @sessionId, @sourceBy, @sourceSessionId, @sourceRunId, @callKey, @createdAt, @endedAt)`)
  const updateRun = db.prepare('UPDATE workflow_runs SET state = @state, steps = @steps, output = @output, error = @error, session_id = @sessionId, ended_at = @endedAt WHERE id = @id')
  const selectRun = db.prepare<[string], RunRow>(workflowQueries.getRun)
  const findRunByCall = db.prepare<[string, string], RunRow>(workflowQueries.findRunByCall)
  const addTask = db.prepare('INSERT INTO workflow_tasks (task_id, run_id) VALUES (?, ?)')
  const findRunByTask = db.prepare<[string], RunRow>(workflowQueries.findRunByTask)
  const listRuns = db.prepare<[object], RunRow>(workflowQueries.listRuns)
  const listRunsOf = db.prepare<[object], RunRow>(workflowQueries.listRunsOf)
  const openRuns = db.prepare<[], RunRow>(workflowQueries.openRuns)
  const one = (row: RunRow | undefined) => (row ? toRun(row) : null)

  return {
    insert: (workflow) => void insert.run(toRow(workflow)),
    get(id) {
      const row = select.get(id)
      return row ? toWorkflow(row) : null
    },
    list: () => list.all().map(toWorkflow),
    count: () => count.get()?.count ?? 0,
    replace(workflow) {
      if (replace.run(toRow(workflow)).changes === 0) throw notFound('Workflow', workflow.id)
    },
    insertRun: (run) => void insertRun.run(toRunRow(run)),
    getRun: (id) => one(selectRun.get(id)),
    findRunByCall: (runId, callKey) => one(findRunByCall.get(runId, callKey)),
    listRuns({ workflowId, state, cursor, limit }) {
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, CursorSchema)
      const key = { state: state ?? null, before, limit: limit + 1 }
      const rows = workflowId === undefined ? listRuns.all(key) : listRunsOf.all({ ...key, workflowId })
      const last = rows[limit - 1]
      return { items: rows.slice(0, limit).map(toRun), nextCursor: rows.length > limit && last ? encodeCursor([last.position]) : null }
    },
    openRuns: () => openRuns.all().map(toRun),
    addTask: (runId, taskId) => void addTask.run(taskId, runId),
    findRunByTask: (taskId) => one(findRunByTask.get(taskId)),
    patchRun(id, patch) {
      const run = one(selectRun.get(id))
      if (!run) throw notFound('Workflow run', id)
      const { state, steps, output, error, sessionId, endedAt } = { ...run, ...patch }
      updateRun.run({ id, state, steps: JSON.stringify(steps), output, error: error === null ? null : JSON.stringify(error), sessionId, endedAt })
    },
  }
}

function toRow({ id, name, revision, createdAt, updatedAt, deletedAt, ...body }: StoredWorkflow): object {
  return { id, name, revision, createdAt, updatedAt, deletedAt, body: JSON.stringify({ ...body, name } satisfies WorkflowBody) }
}

/** Parsed, so that what a later version adds has its default. */
function toWorkflow(row: WorkflowRow): StoredWorkflow {
  return { ...WorkflowBodySchema.parse(JSON.parse(row.body)), id: row.id, revision: row.revision, createdAt: row.created_at, updatedAt: row.updated_at, deletedAt: row.deleted_at }
}

function toRunRow({ definition, values, steps, error, source, ...run }: StoredWorkflowRun): object {
  return {
    ...run, definition: JSON.stringify(definition), values: JSON.stringify(values), steps: JSON.stringify(steps), error: error === null ? null : JSON.stringify(error),
    sourceBy: source.by, sourceSessionId: source.sessionId, sourceRunId: source.runId,
  }
}

function toRun(row: RunRow): StoredWorkflowRun {
  return {
    id: row.id, workflowId: row.workflow_id, name: row.name, state: row.state, workspaceId: row.workspace_id, mode: row.mode, definition: WorkflowBodySchema.parse(JSON.parse(row.definition)),
    values: JSON.parse(row.input_values), steps: JSON.parse(row.steps), output: row.output, error: row.error === null ? null : JSON.parse(row.error), sessionId: row.session_id,
    source: { by: row.source_by, sessionId: row.source_session_id, runId: row.source_run_id }, callKey: row.call_key, createdAt: row.created_at, endedAt: row.ended_at,
  }
}
