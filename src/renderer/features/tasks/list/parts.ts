import type { Task } from '#contract/tasks'

export interface ListRow {
  readonly key: string
  readonly task: Task
  /** Whose part it is, shown under it; null: a row of its own. */
  readonly parent: Task | null
}

/** The rows of the list: under each task that is opened, its parts, oldest first. */
export function withParts(tasks: readonly Task[], all: readonly Task[], opened: ReadonlySet<string>): ListRow[] {
  const rows = tasks.map((task): ListRow => ({ key: task.id, task, parent: null }))
  if (opened.size === 0) return rows
  const parts = new Map<string, Task[]>()
  for (const task of all) if (task.parentId !== null && opened.has(task.parentId)) parts.set(task.parentId, [...(parts.get(task.parentId) ?? []), task])
  return rows.flatMap((row) => [row, ...(parts.get(row.key) ?? []).toSorted((left, right) => left.createdAt - right.createdAt).map((task): ListRow => ({ key: `${row.key}/${task.id}`, task, parent: row.task }))])
}
