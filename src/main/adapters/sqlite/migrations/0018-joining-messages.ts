import type { Migration } from '../migrate'

/** `joins`: the message of this run is to reach the turn that works, between two of its steps. `joined_run_id`: the turn that it reached. */
export const joiningMessages: Migration = {
  name: '0018-joining-messages',
  sql: `
ALTER TABLE runs ADD COLUMN joins INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN joined_run_id TEXT;
`,
}
