import type { Migration } from '../migrate'

/**
 * Tasks and all that belongs to them. The long texts have a table of their own, since a card's row is rewritten with what its
 * agent does. `generation` counts how often a task became ready: what was queued for an earlier one starts nothing.
 */
export const tasks: Migration = {
  name: '0008-tasks',
  sql: `
CREATE TABLE tasks (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  priority TEXT NOT NULL,
  workspace_id TEXT,
  template TEXT NOT NULL,
  spec TEXT NOT NULL,
  reason TEXT,
  paused_reason TEXT,
  board_order REAL NOT NULL,
  parent_id TEXT,
  schedule_id TEXT,
  due_at INTEGER,
  next_due_at INTEGER,
  start_after INTEGER,
  generation INTEGER NOT NULL DEFAULT 0,
  attempt INTEGER NOT NULL DEFAULT 0,
  session_id TEXT,
  run_id TEXT,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cached_tokens INTEGER NOT NULL DEFAULT 0,
  total_tokens INTEGER NOT NULL DEFAULT 0,
  estimated INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL,
  source_by TEXT NOT NULL,
  source_session_id TEXT,
  source_run_id TEXT,
  error TEXT,
  revision INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  activity_at INTEGER,
  started_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX tasks_by_order ON tasks (board_order, position);
CREATE INDEX tasks_by_state ON tasks (state, board_order, position);
CREATE INDEX tasks_by_parent ON tasks (parent_id, state) WHERE parent_id IS NOT NULL;
CREATE INDEX tasks_by_schedule ON tasks (schedule_id, position) WHERE schedule_id IS NOT NULL;
CREATE INDEX tasks_by_due ON tasks (next_due_at) WHERE next_due_at IS NOT NULL;

CREATE TABLE task_texts (
  task INTEGER PRIMARY KEY REFERENCES tasks (position) ON DELETE CASCADE,
  instruction TEXT NOT NULL,
  context TEXT NOT NULL,
  result TEXT
) STRICT;

CREATE TABLE task_changes (
  task INTEGER NOT NULL REFERENCES tasks (position) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  cause TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (task, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_runs (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  session_id TEXT,
  run_id TEXT,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cached_tokens INTEGER NOT NULL DEFAULT 0,
  total_tokens INTEGER NOT NULL DEFAULT 0,
  estimated INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL,
  error TEXT,
  worked_ms INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  UNIQUE (task_id, number)
) STRICT;
CREATE INDEX task_runs_by_run ON task_runs (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX task_runs_by_session ON task_runs (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX task_runs_open ON task_runs (started_at) WHERE ended_at IS NULL;

CREATE TABLE task_dependencies (
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  depends_on TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  PRIMARY KEY (task_id, depends_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_dependencies_by_target ON task_dependencies (depends_on);

CREATE TABLE task_comments (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  by TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX task_comments_by_task ON task_comments (task_id);

CREATE TABLE task_views (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  view TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE task_keys (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  task_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_keys_by_age ON task_keys (at);

CREATE TABLE occurrences (
  schedule_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  task_id TEXT,
  reason TEXT,
  claimed_at INTEGER NOT NULL,
  PRIMARY KEY (schedule_id, due_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX occurrences_by_task ON occurrences (task_id) WHERE task_id IS NOT NULL;
`,
}
