import type { Migration } from '../migrate'

/** Files that agents wrote after they had read what came from outside or what is private, by the hash of their content. `labels` is JSON. */
export const labelledFiles: Migration = {
  name: '0029-labelled-files',
  sql: `
CREATE TABLE labelled_files (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  hash TEXT NOT NULL,
  labels TEXT NOT NULL,
  session_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, path, hash)
) STRICT;
CREATE INDEX labelled_files_by_hash ON labelled_files (hash, at);
CREATE INDEX labelled_files_by_time ON labelled_files (workspace_id, at);
`,
}
