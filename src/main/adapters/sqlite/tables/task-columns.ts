import type { Priority, TaskKind, TaskSource, TaskSpec, TaskState } from '#contract/tasks'
import type { NewTask, StoredTask } from '#core/ports/task-store'
import { fromUsageRow, toUsageRow, type UsageRow } from './usage-columns'

export interface TaskRow extends UsageRow {
  readonly position: number
  readonly id: string
  readonly kind: TaskKind
  readonly state: TaskState
  readonly title: string
  readonly priority: Priority
  readonly workspace_id: string | null
  readonly template: string
  readonly spec: string
  readonly reason: string | null
  readonly paused_reason: string | null
  readonly board_order: number
  readonly parent_id: string | null
  readonly schedule_id: string | null
  readonly due_at: number | null
  readonly next_due_at: number | null
  readonly start_after: number | null
  readonly generation: number
  readonly attempt: number
  readonly session_id: string | null
  readonly run_id: string | null
  readonly source_by: TaskSource['by']
  readonly source_session_id: string | null
  readonly source_run_id: string | null
  readonly error: string | null
  readonly revision: number
  readonly created_at: number
  readonly updated_at: number
  readonly activity_at: number | null
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly depends_on: string
  readonly blocked_by: string
  readonly children_done: number
  readonly children_total: number
}

export const taskColumns = `t.position, t.id, t.kind, t.state, t.title, t.priority, t.workspace_id, t.template, t.spec, t.reason, t.paused_reason, t.board_order, t.parent_id,
  t.schedule_id, t.due_at, t.next_due_at, t.start_after, t.generation, t.attempt, t.session_id, t.run_id, t.input_tokens, t.output_tokens, t.cached_tokens, t.total_tokens,
  t.estimated, t.cost_usd, t.source_by, t.source_session_id, t.source_run_id, t.error, t.revision, t.created_at, t.updated_at, t.activity_at, t.started_at, t.ended_at,
  (SELECT json_group_array(d.depends_on ORDER BY d.depends_on) FROM task_dependencies d WHERE d.task_id = t.id) AS depends_on,
  (SELECT json_group_array(d.depends_on ORDER BY d.depends_on) FROM task_dependencies d CROSS JOIN tasks o ON o.id = d.depends_on WHERE d.task_id = t.id AND o.state <> 'done') AS blocked_by,
  (SELECT count(*) FROM tasks c WHERE c.parent_id = t.id AND c.state = 'done') AS children_done,
  (SELECT count(*) FROM tasks c WHERE c.parent_id = t.id) AS children_total`

/** What of a spec has no column of its own. */
type Spec = Pick<TaskSpec, 'when' | 'model' | 'mode' | 'tags' | 'budget' | 'attempts' | 'deadline' | 'checklist' | 'review'> & { readonly countFrom?: number }

export function toTask(row: TaskRow): StoredTask {
  const { countFrom = 0, ...spec }: Spec = JSON.parse(row.spec)
  return {
    id: row.id, state: row.state, title: row.title, priority: row.priority, workspaceId: row.workspace_id, template: row.template, ...spec,
    reason: row.reason, pausedReason: row.paused_reason, order: row.board_order, parentId: row.parent_id, scheduleId: row.schedule_id,
    dueAt: row.due_at, nextDueAt: row.next_due_at, startAfter: row.start_after, generation: row.generation, countFrom, attempt: row.attempt,
    dependsOn: JSON.parse(row.depends_on), blockedBy: JSON.parse(row.blocked_by), children: { done: row.children_done, total: row.children_total },
    sessionId: row.session_id, runId: row.run_id, ...fromUsageRow(row),
    source: { by: row.source_by, sessionId: row.source_session_id, runId: row.source_run_id },
    error: row.error === null ? null : JSON.parse(row.error), revision: row.revision,
    createdAt: row.created_at, updatedAt: row.updated_at, activityAt: row.activity_at, startedAt: row.started_at, endedAt: row.ended_at,
  }
}

export function toSpecColumn({ when, model, mode, tags, budget, attempts, deadline, checklist, review, countFrom = 0 }: Spec): string {
  const spec: Spec = { when, model, mode, tags, budget, attempts, deadline, checklist, review, countFrom }
  return JSON.stringify(spec)
}

export function toInsertRow(task: NewTask): object {
  return {
    id: task.id, kind: task.when.kind, state: task.state, title: task.title, priority: task.priority, workspaceId: task.workspaceId, template: task.template,
    spec: toSpecColumn(task), reason: task.reason, pausedReason: task.pausedReason, parentId: task.parentId, scheduleId: task.scheduleId, dueAt: task.dueAt,
    nextDueAt: task.nextDueAt, startAfter: task.startAfter, generation: task.generation, sourceBy: task.source.by,
    sourceSessionId: task.source.sessionId, sourceRunId: task.source.runId, createdAt: task.createdAt,
  }
}

export function toUpdateRow(task: StoredTask): object {
  return {
    id: task.id, kind: task.when.kind, state: task.state, title: task.title, priority: task.priority, workspaceId: task.workspaceId, template: task.template,
    spec: toSpecColumn(task), reason: task.reason, pausedReason: task.pausedReason, order: task.order, nextDueAt: task.nextDueAt, startAfter: task.startAfter,
    generation: task.generation, attempt: task.attempt, sessionId: task.sessionId, runId: task.runId, ...toUsageRow(task.usage, task.costUsd),
    error: task.error === null ? null : JSON.stringify(task.error), revision: task.revision, updatedAt: task.updatedAt, activityAt: task.activityAt,
    startedAt: task.startedAt, endedAt: task.endedAt,
  }
}
