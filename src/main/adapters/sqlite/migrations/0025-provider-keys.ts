import type { Migration } from '../migrate'

/** Names of keys, and which one is used where. Their values are never here: `secret` is the name under which the keychain has one. */
export const providerKeys: Migration = {
  name: '0025-provider-keys',
  sql: `
CREATE TABLE provider_keys (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  provider TEXT NOT NULL,
  name TEXT NOT NULL,
  secret TEXT NOT NULL UNIQUE,
  stands_in INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE provider_key_choices (
  provider TEXT NOT NULL,
  workspace_id TEXT REFERENCES workspaces (id) ON DELETE CASCADE,
  key_id TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX provider_key_choices_place ON provider_key_choices (provider, coalesce(workspace_id, ''));
`,
}
