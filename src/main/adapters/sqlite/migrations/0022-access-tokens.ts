import type { Migration } from '../migrate'

/** Tokens for scripts and other programs, by the hash of their value. */
export const accessTokens: Migration = {
  name: '0022-access-tokens',
  sql: `
CREATE TABLE access_tokens (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  scope TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT;
`,
}
