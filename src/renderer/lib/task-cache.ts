import type { Task, TaskDetail, TaskState } from '#contract/tasks'
import { type Board, needsPerson, noteMeanwhile } from './board-query'
import { type QueryParts, reloadIfLoading } from './query-parts'

/** A task that is known stays where it is, a new one goes first. */
export function upsertTask(board: Board, task: Task): Board {
  const at = board.tasks.findIndex(({ id }) => id === task.id)
  return { ...board, tasks: at === -1 ? [task, ...board.tasks] : board.tasks.with(at, task) }
}

export function writeTask(parts: QueryParts, task: Task): void {
  const { queryClient, queries, orpc } = parts
  const { queryKey } = queries.board()
  noteMeanwhile(queryClient, ({ updated, removed }) => ({ updated: new Map(updated).set(task.id, task), removed }))
  countReady(parts, queryClient.getQueryData(queryKey)?.tasks.find(({ id }) => id === task.id)?.state, task.state)
  queryClient.setQueryData(queryKey, (board) => board && upsertTask(board, task))
  writeAttention(parts, (items) => upsertAttention(items, task))
  const detail = queries.task(task.id).queryKey
  const known: TaskDetail | undefined = queryClient.getQueryData(detail)
  if (known !== undefined) queryClient.setQueryData(detail, { ...known, ...task })
  reloadIfLoading(parts, detail)
  // Attempts and comments come with no events of their own.
  for (const key of [queries.taskRuns(task.id).queryKey, queries.taskComments(task.id).queryKey]) void queryClient.invalidateQueries({ queryKey: key, exact: true })
  // What a schedule tells follows from its tasks.
  if (task.when.kind !== 'adhoc' || task.scheduleId !== null) void queryClient.invalidateQueries({ queryKey: orpc.schedules.key() })
  // A card has no texts: those of a later revision are asked for.
  if (known !== undefined && known.revision < task.revision) void queryClient.invalidateQueries({ queryKey: detail, exact: true })
  if (known === undefined || known.revision < task.revision) void queryClient.invalidateQueries({ queryKey: orpc.tasks.history.key({ input: { id: task.id } }) })
}

/** While everything is paused it is told how many tasks wait. Counted here where the task was known, so that thousands of changes ask for nothing. */
function countReady({ queryClient, queries }: QueryParts, before: TaskState | undefined, after: TaskState): void {
  const { queryKey } = queries.work()
  if (typeof queryClient.getQueryData(queryKey)?.pausedAt !== 'number') return
  if (before === undefined) return void queryClient.invalidateQueries({ queryKey, exact: true })
  const change = Number(after === 'ready') - Number(before === 'ready')
  if (change !== 0) queryClient.setQueryData(queryKey, (work) => work && { ...work, ready: Math.max(0, work.ready + change) })
}

export function dropTasks({ queryClient, queries, orpc }: QueryParts, taskIds: readonly string[]): void {
  const { queryKey } = queries.board()
  const gone = new Set(taskIds)
  noteMeanwhile(queryClient, ({ updated, removed }) => ({ updated, removed: new Set([...removed, ...gone]) }))
  queryClient.setQueryData(queryKey, (board) => board && { ...board, tasks: board.tasks.filter(({ id }) => !gone.has(id)) })
  writeAttention({ queryClient, queries, orpc }, (items) => items.filter(({ id }) => !gone.has(id)))
  for (const id of taskIds) void queryClient.invalidateQueries({ queryKey: queries.task(id).queryKey, exact: true })
  if (typeof queryClient.getQueryData(queries.work().queryKey)?.pausedAt === 'number') void queryClient.invalidateQueries({ queryKey: queries.work().queryKey, exact: true })
}

export function upsertAttention(items: readonly Task[], task: Task): readonly Task[] {
  const at = items.findIndex(({ id }) => id === task.id)
  if (!needsPerson(task)) return at === -1 ? items : items.toSpliced(at, 1)
  return at === -1 ? [...items, task] : items.with(at, task)
}

function writeAttention(parts: QueryParts, change: (items: readonly Task[]) => readonly Task[]): void {
  const { queryKey } = parts.queries.attention()
  parts.queryClient.setQueryData(queryKey, (items) => items && change(items))
  reloadIfLoading(parts, queryKey)
}
