import type { Migration } from '../migrate'

/**
 * Each state that a task of a session was in, whole, for the session's checkpoints. The row of a removed task has all that went
 * with it, so that it can be brought back.
 */
export const taskRevisions: Migration = {
  name: '0012-task-revisions',
  sql: `
CREATE TABLE task_revisions (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT NOT NULL,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  by TEXT NOT NULL,
  removed INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;
CREATE INDEX task_revisions_by_session ON task_revisions (session_id, number);
CREATE INDEX task_revisions_by_task ON task_revisions (task_id, number);
`,
}
