import type { Database } from 'better-sqlite3'
import type { TaskComment, TaskView } from '#contract/tasks'
import type { TaskNoteStore } from '#core/ports/task-store'

interface CommentRow {
  readonly id: string
  readonly task_id: string
  readonly by: TaskComment['by']
  readonly text: string
  readonly at: number
}

export const taskNoteQueries = {
  comments: 'SELECT id, task_id, by, text, at FROM task_comments WHERE task_id = ? ORDER BY position DESC LIMIT 1000',
  views: 'SELECT view FROM task_views ORDER BY name',
}

export function createTaskNoteStore(db: Database): TaskNoteStore {
  const addComment = db.prepare('INSERT INTO task_comments (id, task_id, by, text, at) VALUES (@id, @taskId, @by, @text, @at)')
  const comments = db.prepare<[string], CommentRow>(taskNoteQueries.comments)
  const views = db.prepare<[], string>(taskNoteQueries.views).pluck()
  const saveView = db.prepare<[string, string, string, number]>(`INSERT INTO task_views (id, name, view, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, view = excluded.view, at = excluded.at`)
  const removeView = db.prepare<[string]>('DELETE FROM task_views WHERE id = ?')
  return {
    addComment: (comment) => void addComment.run(comment),
    comments: (taskId) => comments.all(taskId).map(({ id, task_id, by, text, at }) => ({ id, taskId: task_id, by, text, at })).reverse(),
    views: () => views.all().map((view): TaskView => JSON.parse(view)),
    saveView: (view, at) => void saveView.run(view.id, view.name, JSON.stringify(view), at),
    removeView: (id) => removeView.run(id).changes > 0,
  }
}
