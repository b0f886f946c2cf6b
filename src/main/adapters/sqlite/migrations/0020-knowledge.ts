import type { Migration } from '../migrate'

/**
 * What items say of things. `statements` of an item is the truth; the other tables are made from it, so that they can be asked, and go
 * with it. Who may see a row, until when it counts and how far it is trusted is asked of the item: nothing of that is kept twice. `memory_uses` are the newest calls that an item
 * was sent along with.
 */
export const knowledge: Migration = {
  name: '0020-knowledge',
  sql: `
ALTER TABLE memory_items ADD COLUMN statements TEXT;

CREATE TABLE memory_entities (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE memory_mentions (
  entity INTEGER NOT NULL REFERENCES memory_entities (position),
  item INTEGER NOT NULL REFERENCES memory_items (position) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  PRIMARY KEY (entity, item, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_mentions_by_item ON memory_mentions (item);
CREATE INDEX memory_mentions_by_type ON memory_mentions (type, item) WHERE type <> '';
CREATE TABLE memory_facts (
  entity INTEGER NOT NULL REFERENCES memory_entities (position),
  item INTEGER NOT NULL REFERENCES memory_items (position) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  attribute_key TEXT NOT NULL,
  attribute TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (entity, item, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_facts_by_item ON memory_facts (item);
CREATE TABLE memory_relations (
  origin INTEGER NOT NULL REFERENCES memory_entities (position),
  item INTEGER NOT NULL REFERENCES memory_items (position) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  target INTEGER NOT NULL REFERENCES memory_entities (position),
  type_key TEXT NOT NULL,
  type TEXT NOT NULL,
  properties TEXT NOT NULL,
  PRIMARY KEY (origin, item, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_relations_by_item ON memory_relations (item);
CREATE INDEX memory_relations_by_target ON memory_relations (target, item);
CREATE INDEX memory_relations_by_type ON memory_relations (type_key, item);

CREATE TABLE memory_uses (
  item INTEGER NOT NULL REFERENCES memory_items (position) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  PRIMARY KEY (item, at, run_id)
) STRICT, WITHOUT ROWID;
`,
}
