import type { Migration } from '../migrate'

/** A checkpoint outlives the workspace's row, so that the storage page can name what is left of it. */
export const checkpoints: Migration = {
  name: '0002-checkpoints',
  sql: `
CREATE TABLE checkpoints (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  workspace_id TEXT,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  at INTEGER NOT NULL,
  pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
  parent_id TEXT,
  run_id TEXT,
  step_id TEXT,
  call_id TEXT,
  files TEXT NOT NULL,
  tree_id TEXT,
  interval INTEGER NOT NULL,
  head_id TEXT NOT NULL,
  entry_id TEXT,
  memory_revision INTEGER,
  task_revision INTEGER,
  prompt TEXT,
  changes TEXT,
  cost_usd REAL,
  stored_bytes INTEGER NOT NULL,
  coverage TEXT NOT NULL
) STRICT;
CREATE INDEX checkpoints_by_session ON checkpoints (session_id, position);
CREATE INDEX checkpoints_by_run ON checkpoints (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX checkpoints_by_parent ON checkpoints (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX checkpoints_kept ON checkpoints (position) WHERE files = 'kept';

CREATE TABLE checkpoint_positions (
  session_id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  checkpoint_id TEXT NOT NULL
) STRICT;

CREATE TABLE intervals (
  position INTEGER PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  run_id TEXT,
  from_tree TEXT,
  to_tree TEXT NOT NULL,
  at INTEGER NOT NULL,
  authors TEXT NOT NULL,
  paths TEXT
) STRICT;
CREATE INDEX intervals_by_workspace ON intervals (workspace_id, position);
CREATE INDEX intervals_by_run ON intervals (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX intervals_by_time ON intervals (at);

CREATE TABLE restores (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  workspace_id TEXT,
  checkpoint_id TEXT,
  redo_checkpoint_id TEXT NOT NULL,
  current_id TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  label TEXT NOT NULL,
  revisions TEXT NOT NULL,
  conversation TEXT,
  changes TEXT
) STRICT;
CREATE INDEX restores_unfinished ON restores (position) WHERE state = 'applying';
CREATE INDEX restores_by_checkpoint ON restores (checkpoint_id) WHERE checkpoint_id IS NOT NULL;

CREATE TABLE branches (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  place TEXT NOT NULL CHECK (place IN ('here', 'scratch')),
  name TEXT NOT NULL,
  checkpoint_id TEXT NOT NULL,
  origin_session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  origin_head_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  head_id TEXT NOT NULL,
  workspace_id TEXT,
  created_at INTEGER NOT NULL,
  brought_home_at INTEGER
) STRICT;
CREATE INDEX branches_by_origin ON branches (origin_session_id);

CREATE TABLE storage_jobs (
  kind TEXT PRIMARY KEY,
  job TEXT NOT NULL
) STRICT;
`,
}
