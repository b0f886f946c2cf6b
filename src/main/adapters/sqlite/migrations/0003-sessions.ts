import type { Migration } from '../migrate'

/**
 * Pins, the bin of sessions, and the index of what can be searched for. The index holds no text of its own. Titles are
 * in it at once; entries are taken in later, in the order in which they were written.
 */
export const sessionList: Migration = {
  name: '0003-sessions',
  sql: `
ALTER TABLE sessions ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
ALTER TABLE sessions ADD COLUMN deleted_at INTEGER;
CREATE INDEX sessions_deleted ON sessions (deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE search_texts (
  id INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  entry_id TEXT UNIQUE,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX search_texts_by_session ON search_texts (session_id);
CREATE UNIQUE INDEX search_titles ON search_texts (session_id) WHERE entry_id IS NULL;

CREATE VIRTUAL TABLE search_index USING fts5 (
  title, body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2"
);

CREATE TABLE search_progress (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  after_row INTEGER NOT NULL,
  after_entry TEXT
) STRICT;
INSERT INTO search_progress (id, after_row, after_entry) VALUES (1, 0, NULL);

INSERT INTO search_texts (session_id, entry_id, kind, at) SELECT id, NULL, 'title', created_at FROM sessions ORDER BY created_at, id;
INSERT INTO search_index (rowid, title) SELECT t.id, s.title FROM search_texts t JOIN sessions s ON s.id = t.session_id;
`,
}
