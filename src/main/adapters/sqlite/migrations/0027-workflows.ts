import type { Migration } from '../migrate'

/** Workflows that are saved, and what was started of them: `definition` is the workflow as it was then. A call starts one run, however often it is made. */
export const workflows: Migration = {
  name: '0027-workflows',
  sql: `
CREATE TABLE workflows (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX workflows_by_name ON workflows (name) WHERE deleted_at IS NULL;

CREATE TABLE workflow_runs (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workflow_id TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  workspace_id TEXT,
  mode TEXT NOT NULL,
  definition TEXT NOT NULL,
  input_values TEXT NOT NULL,
  steps TEXT NOT NULL,
  output TEXT,
  error TEXT,
  session_id TEXT,
  source_by TEXT NOT NULL,
  source_session_id TEXT,
  source_run_id TEXT,
  call_key TEXT,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX workflow_runs_by_call ON workflow_runs (source_run_id, call_key) WHERE call_key IS NOT NULL;
CREATE INDEX workflow_runs_by_workflow ON workflow_runs (workflow_id, position);
CREATE INDEX workflow_runs_open ON workflow_runs (position) WHERE state IN ('running', 'stopping');

CREATE TABLE workflow_tasks (
  task_id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES workflow_runs (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
`,
}
