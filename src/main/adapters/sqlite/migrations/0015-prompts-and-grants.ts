import type { Migration } from '../migrate'

/**
 * `prompt_try`: of a run of the prompt queue, which try at its prompt it is; NULL for an ordinary message. A grant may hold for some
 * paths only (`pattern`), and until `expires_at`. `parked_at`: nobody has answered in time.
 */
export const promptsAndGrants: Migration = {
  name: '0015-prompts-and-grants',
  sql: `
ALTER TABLE runs ADD COLUMN prompt_try INTEGER;
CREATE TABLE prompt_queues (
  session_id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('stopped', 'started')),
  reason TEXT,
  on_failure TEXT NOT NULL CHECK (on_failure IN ('stop', 'skip', 'retry')),
  retries INTEGER NOT NULL,
  go_back INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE grants ADD COLUMN pattern TEXT;
ALTER TABLE grants ADD COLUMN expires_at INTEGER;
CREATE INDEX grants_by_expiry ON grants (expires_at) WHERE expires_at IS NOT NULL;
ALTER TABLE human_requests ADD COLUMN parked_at INTEGER;
CREATE INDEX human_requests_not_parked ON human_requests (created_at) WHERE status = 'open' AND parked_at IS NULL;
`,
}
