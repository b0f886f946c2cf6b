import type { Migration } from '../migrate'

export const flags: Migration = {
  name: '0004-flags',
  sql: `
CREATE TABLE flags (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
`,
}
