import type { Migration } from '../migrate'

/**
 * Servers of tools from outside, and what their tools said of themselves when they were last seen and when a person agreed.
 * `config`, `seen` and `allowed` are JSON; values of secrets are never here.
 */
export const mcp: Migration = {
  name: '0024-mcp',
  sql: `
CREATE TABLE mcp_servers (
  id TEXT PRIMARY KEY,
  workspace_id TEXT REFERENCES workspaces (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  config TEXT NOT NULL,
  agreed TEXT,
  signed_in INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE mcp_tools (
  server_id TEXT NOT NULL REFERENCES mcp_servers (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  present INTEGER NOT NULL,
  seen TEXT NOT NULL,
  seen_hash TEXT NOT NULL,
  allowed TEXT,
  allowed_hash TEXT,
  off INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (server_id, name)
) STRICT;
`,
}
