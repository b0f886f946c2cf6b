import type { Migration } from '../migrate'

/** Rules that a person made, `rule` as JSON. */
export const permissionRules: Migration = {
  name: '0017-permission-rules',
  sql: `
CREATE TABLE permission_rules (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  rule TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT;
`,
}
