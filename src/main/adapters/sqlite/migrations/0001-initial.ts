import type { Migration } from '../migrate'

/**
 * `position` is the order of insertion. Ids are text from outside this file, so every table that lists by age has it.
 * The long text of a run has a table of its own, since a run's row is rewritten after every step.
 */
export const initial: Migration = {
  name: '0001-initial',
  sql: `
CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,
  trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
  created_at INTEGER NOT NULL,
  last_opened_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  workspace_id TEXT REFERENCES workspaces (id),
  title TEXT NOT NULL,
  model TEXT,
  mode TEXT NOT NULL,
  archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
  active_head_id TEXT NOT NULL,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cached_tokens INTEGER NOT NULL DEFAULT 0,
  total_tokens INTEGER NOT NULL DEFAULT 0,
  estimated INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_activity ON sessions (archived, updated_at, id);
CREATE INDEX sessions_by_workspace ON sessions (workspace_id, archived, updated_at, id);

CREATE TABLE heads (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  entry_id TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX heads_by_session ON heads (session_id);

CREATE TABLE entries (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  parent_id TEXT,
  run_id TEXT,
  step_id TEXT,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL
) STRICT;
CREATE INDEX entries_by_session ON entries (session_id);

CREATE TABLE runs (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  head_id TEXT NOT NULL,
  state TEXT NOT NULL,
  entry_id TEXT,
  model TEXT,
  mode TEXT NOT NULL,
  steps INTEGER NOT NULL DEFAULT 0,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cached_tokens INTEGER NOT NULL DEFAULT 0,
  total_tokens INTEGER NOT NULL DEFAULT 0,
  estimated INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL,
  error TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX runs_by_session ON runs (session_id);
CREATE INDEX runs_by_state ON runs (state, session_id);

CREATE TABLE run_texts (
  run INTEGER PRIMARY KEY REFERENCES runs (position) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE steps (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  call_id TEXT,
  repeatable INTEGER NOT NULL,
  fingerprint TEXT,
  entry_id TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  partial_text TEXT,
  usage TEXT,
  cost_usd REAL,
  error TEXT
) STRICT;
CREATE INDEX steps_by_call ON steps (run_id, call_id);
CREATE INDEX steps_unfinished ON steps (started_at) WHERE state = 'intended';

CREATE TABLE human_requests (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  call_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  answered_at INTEGER,
  answer TEXT
) STRICT;
CREATE INDEX human_requests_by_call ON human_requests (run_id, call_id);
CREATE INDEX human_requests_by_session ON human_requests (session_id, status);
CREATE INDEX human_requests_by_status ON human_requests (status);

CREATE TABLE grants (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL CHECK (scope IN ('session', 'workspace')),
  session_id TEXT,
  workspace_id TEXT,
  tool_name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX grants_by_session ON grants (session_id);
CREATE INDEX grants_by_workspace ON grants (workspace_id);

CREATE TABLE bin_items (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workspace_id TEXT NOT NULL,
  path TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX bin_items_by_workspace ON bin_items (workspace_id);

CREATE TABLE settings (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  value TEXT NOT NULL
) STRICT;

CREATE TABLE catalogue (
  provider TEXT PRIMARY KEY,
  models TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE notices (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  level TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  topic TEXT NOT NULL,
  at INTEGER NOT NULL,
  session_id TEXT,
  run_id TEXT,
  trace_id TEXT NOT NULL,
  ref TEXT,
  payload TEXT NOT NULL
) STRICT;

CREATE TABLE event_position (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  reserved_until INTEGER NOT NULL,
  pruned_until INTEGER NOT NULL
) STRICT;
INSERT INTO event_position (id, reserved_until, pruned_until) VALUES (1, 0, 0);
`,
}
