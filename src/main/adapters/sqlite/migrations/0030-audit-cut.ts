import type { Migration } from '../migrate'

/** The oldest records may go, once a record says which, and what was in them: `record` is its number. What is not before `upto` stays. */
export const auditCut: Migration = {
  name: '0030-audit-cut',
  sql: `
CREATE TABLE audit_cut (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  upto INTEGER NOT NULL,
  record INTEGER NOT NULL
) STRICT;
DROP TRIGGER audit_is_not_removed;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit WHEN OLD.number > coalesce((SELECT upto FROM audit_cut), 0)
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
`,
}
