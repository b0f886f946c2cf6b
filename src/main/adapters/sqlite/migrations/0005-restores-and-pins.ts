import type { Migration } from '../migrate'

/** A checkpoint before a restore says what that was; intervals are found by time, for runs that worked side by side. */
export const restoresAndPins: Migration = {
  name: '0005-restores-and-pins',
  sql: `
ALTER TABLE checkpoints ADD COLUMN restore TEXT;
CREATE INDEX checkpoints_pinned ON checkpoints (position) WHERE pinned = 1;
CREATE INDEX branches_by_session ON branches (session_id);
DROP INDEX intervals_by_run;
ALTER TABLE intervals DROP COLUMN run_id;
CREATE INDEX intervals_by_workspace_time ON intervals (workspace_id, at);
`,
}
