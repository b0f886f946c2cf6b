import type { Migration } from '../migrate'

/** Empty but while pages that were given back are written over with zeros (`memory/scrub.ts`). */
export const memoryScrub: Migration = {
  name: '0028-memory-scrub',
  sql: `
CREATE TABLE memory_scrub (
  position INTEGER PRIMARY KEY,
  zeros BLOB NOT NULL
) STRICT;
`,
}
