import type { Migration } from '../migrate'

/**
 * `agents` has a row for each conversation that an agent or a task began, and says whose it is. A call starts one agent, however
 * often it is made. `plans` are what agents propose; `task_ids` has the task of each part once it is approved.
 */
export const agents: Migration = {
  name: '0014-agents',
  sql: `
CREATE TABLE agents (
  session_id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  level TEXT NOT NULL CHECK (level IN ('child', 'micro', 'task')),
  template TEXT NOT NULL,
  depth INTEGER NOT NULL,
  run_id TEXT,
  parent_session_id TEXT,
  parent_run_id TEXT,
  call_key TEXT,
  call_id TEXT,
  instruction TEXT NOT NULL,
  limits TEXT NOT NULL,
  handed_over_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX agents_by_call ON agents (parent_run_id, call_key) WHERE call_key IS NOT NULL;
CREATE INDEX agents_by_parent ON agents (parent_run_id, created_at) WHERE parent_run_id IS NOT NULL;
CREATE INDEX agents_by_parent_session ON agents (parent_session_id) WHERE parent_session_id IS NOT NULL;
CREATE INDEX tasks_by_source_run ON tasks (source_run_id) WHERE source_run_id IS NOT NULL;

CREATE TABLE plans (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL,
  call_key TEXT NOT NULL,
  request_id TEXT NOT NULL,
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  task_ids TEXT NOT NULL,
  message TEXT,
  revision INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  decided_at INTEGER,
  ended_at INTEGER,
  UNIQUE (run_id, call_key)
) STRICT;
CREATE INDEX plans_by_request ON plans (request_id);
CREATE INDEX plans_by_session ON plans (session_id, position);
CREATE INDEX plans_by_state ON plans (state, position);
`,
}
