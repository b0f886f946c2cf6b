import type { Migration } from '../migrate'

/** Only ever added to. The triggers keep mistakes out; against whoever writes the file itself there are the hashes and the signed head. */
export const audit: Migration = {
  name: '0021-audit',
  sql: `
CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  title TEXT NOT NULL,
  session_id TEXT,
  run_id TEXT,
  trace_id TEXT NOT NULL,
  content TEXT NOT NULL,
  before TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_kind ON audit (kind, number);
CREATE INDEX audit_by_session ON audit (session_id, number) WHERE session_id IS NOT NULL;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
`,
}
