import type { Migration } from '../migrate'

/**
 * A row of `occurrences` may stand for several due times that went by: up to `last_due_at`, `number` of them (null: too many to
 * count). `presence` has a row for each stretch of time in which Trestle was there to start something, and how it began.
 */
export const scheduler: Migration = {
  name: '0010-scheduler',
  sql: `
ALTER TABLE occurrences ADD COLUMN last_due_at INTEGER;
ALTER TABLE occurrences ADD COLUMN number INTEGER DEFAULT 1;
CREATE INDEX occurrences_asked ON occurrences (schedule_id, due_at) WHERE state = 'asked';
CREATE INDEX occurrences_queued ON occurrences (schedule_id, due_at) WHERE state = 'queued';
CREATE INDEX tasks_active_by_schedule ON tasks (schedule_id, position) WHERE schedule_id IS NOT NULL AND state IN ('ready', 'running', 'needs_you');
CREATE INDEX tasks_with_due_times ON tasks (position) WHERE kind <> 'adhoc';
CREATE TABLE presence (
  position INTEGER PRIMARY KEY,
  began_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  began_by TEXT NOT NULL CHECK (began_by IN ('start', 'wake', 'clock'))
) STRICT;
CREATE INDEX presence_by_time ON presence (began_at);
`,
}
