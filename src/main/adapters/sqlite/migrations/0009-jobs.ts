import type { Migration } from '../migrate'

/** The queue of jobs. Ids are never used again: an old lease must not fit a new job. */
export const jobs: Migration = {
  name: '0009-jobs',
  sql: `
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'delayed', 'leased', 'dead')),
  priority INTEGER NOT NULL,
  job_group TEXT,
  run_after INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  max_attempts INTEGER NOT NULL,
  lost INTEGER NOT NULL DEFAULT 0,
  claim INTEGER NOT NULL DEFAULT 0,
  owner TEXT,
  lease_until INTEGER,
  error TEXT,
  enqueued_at INTEGER NOT NULL,
  died_at INTEGER,
  CHECK ((state = 'leased') = (owner IS NOT NULL AND lease_until IS NOT NULL)),
  CHECK ((state = 'dead') = (died_at IS NOT NULL))
) STRICT;
CREATE INDEX jobs_ready ON jobs (kind, priority DESC, id) WHERE state = 'ready';
CREATE INDEX jobs_delayed ON jobs (run_after) WHERE state = 'delayed';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'leased';
CREATE INDEX jobs_dead ON jobs (died_at, id) WHERE state = 'dead';
`,
}
