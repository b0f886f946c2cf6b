import type { Migration } from '../migrate'

/** Turns that ended well, until and after something was learnt from them; a row comes with the end of its turn. */
export const learning: Migration = {
  name: '0016-learning',
  sql: `
CREATE TABLE learning (
  position INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  queued_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  done_at INTEGER,
  saved INTEGER NOT NULL DEFAULT 0,
  proposed INTEGER NOT NULL DEFAULT 0,
  tokens INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL,
  error TEXT
) STRICT;
CREATE INDEX learning_waiting ON learning (position) WHERE done_at IS NULL;
CREATE INDEX learning_done ON learning (done_at) WHERE done_at IS NOT NULL;
`,
}
