import type { Migration } from '../migrate'

/** What goes with messages; the content is in files named by `hash`. And the order of messages that wait. */
export const attachments: Migration = {
  name: '0006-attachments',
  sql: `
CREATE TABLE attachments (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  sent INTEGER NOT NULL CHECK (sent IN (0, 1)),
  description TEXT NOT NULL
) STRICT;
CREATE INDEX attachments_by_session ON attachments (session_id);
CREATE INDEX attachments_by_hash ON attachments (hash);

ALTER TABLE run_texts ADD COLUMN attachments TEXT;
ALTER TABLE runs ADD COLUMN queue_order REAL;
`,
}
