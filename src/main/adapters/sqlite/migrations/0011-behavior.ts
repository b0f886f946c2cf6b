import type { Migration } from '../migrate'

/** Every version of the rules of the user (`target` is empty), of a folder and of an agent template. Rows are only ever added. */
export const behavior: Migration = {
  name: '0011-behavior',
  sql: `
CREATE TABLE behavior_versions (
  revision INTEGER PRIMARY KEY AUTOINCREMENT,
  scope TEXT NOT NULL CHECK (scope IN ('user', 'workspace', 'agent')),
  target TEXT NOT NULL,
  version INTEGER NOT NULL,
  rules TEXT NOT NULL,
  by TEXT NOT NULL,
  cause TEXT NOT NULL,
  session_id TEXT,
  run_id TEXT,
  at INTEGER NOT NULL,
  UNIQUE (scope, target, version)
) STRICT;
`,
}
