import type { Task, TaskDetail } from '#contract/tasks'
import { type Board, noteMeanwhile } from './board-query'
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
  queryClient.setQueryData(queryKey, (board) => board && upsertTask(board, task))
  const detail = queries.task(task.id).queryKey
  const known: TaskDetail | undefined = queryClient.getQueryData(detail)
  if (known !== undefined) queryClient.setQueryData(detail, { ...known, ...task })
  reloadIfLoading(parts, detail)
  // Attempts and comments come with no events of their own.
  for (const key of [queries.taskRuns(task.id).queryKey, queries.taskComments(task.id).queryKey]) void queryClient.invalidateQueries({ queryKey: key, exact: true })
  // A card has no texts: those of a later revision are asked for.
  if (known !== undefined && known.revision < task.revision) void queryClient.invalidateQueries({ queryKey: detail, exact: true })
  if (known === undefined || known.revision < task.revision) void queryClient.invalidateQueries({ queryKey: orpc.tasks.history.key({ input: { id: task.id } }) })
}

export function dropTasks({ queryClient, queries }: QueryParts, taskIds: readonly string[]): void {
  const { queryKey } = queries.board()
  const gone = new Set(taskIds)
  noteMeanwhile(queryClient, ({ updated, removed }) => ({ updated, removed: new Set([...removed, ...gone]) }))
  queryClient.setQueryData(queryKey, (board) => board && { ...board, tasks: board.tasks.filter(({ id }) => !gone.has(id)) })
  for (const id of taskIds) void queryClient.invalidateQueries({ queryKey: queries.task(id).queryKey, exact: true })
}
