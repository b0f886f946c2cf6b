import type { Migration } from '../migrate'

/** Usage is summed by day, from all sessions. */
export const usageByDay: Migration = {
  name: '0007-usage',
  sql: 'CREATE INDEX steps_with_usage ON steps (ended_at) WHERE usage IS NOT NULL;',
}
