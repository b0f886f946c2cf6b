import type { Migration } from '../migrate'

/**
 * What the agents remember. `title`, `text` and `more` are exactly what the index of words was given, so that it can be taken out
 * again. A revision keeps what the changed fields were before it; the item has what they are. Forgotten items have an index of
 * their own: what was forgotten is looked up there before something new is learnt. `memory_words_known` are the words that occur:
 * typos and parts of words are put right by what is really there. Vectors are rows, what is searched is made from them.
 */
export const memory: Migration = {
  name: '0013-memory',
  sql: `
CREATE TABLE memory_items (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  scope TEXT NOT NULL,
  workspace_id TEXT,
  session_id TEXT,
  importance REAL NOT NULL,
  sensitive INTEGER NOT NULL CHECK (sensitive IN (0, 1)),
  trust TEXT NOT NULL,
  expires_at INTEGER,
  pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
  archived INTEGER NOT NULL CHECK (archived IN (0, 1)),
  forgotten_at INTEGER,
  used_at INTEGER NOT NULL DEFAULT 0,
  use_count INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  text_hash INTEGER NOT NULL,
  source_by TEXT NOT NULL,
  source_session_id TEXT,
  source_run_id TEXT,
  source_entry_id TEXT,
  source_path TEXT,
  tags TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  more TEXT NOT NULL,
  solution TEXT
) STRICT;
CREATE INDEX memory_by_update ON memory_items (updated_at, position);
CREATE INDEX memory_by_creation ON memory_items (created_at, position);
CREATE INDEX memory_by_use ON memory_items (used_at, position);
CREATE INDEX memory_by_importance ON memory_items (importance, position);
CREATE INDEX memory_by_hash ON memory_items (text_hash);
CREATE INDEX memory_by_workspace ON memory_items (workspace_id, updated_at) WHERE workspace_id IS NOT NULL;
CREATE INDEX memory_by_session ON memory_items (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX memory_by_run ON memory_items (source_run_id) WHERE source_run_id IS NOT NULL;
CREATE INDEX memory_expiring ON memory_items (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX memory_forgotten ON memory_items (forgotten_at) WHERE forgotten_at IS NOT NULL;

CREATE TABLE memory_revisions (
  item INTEGER NOT NULL REFERENCES memory_items (position) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  by TEXT NOT NULL,
  cause TEXT NOT NULL,
  session_id TEXT,
  run_id TEXT,
  entry_id TEXT,
  before TEXT NOT NULL,
  PRIMARY KEY (item, revision)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE memory_words USING fts5 (title, text, more, content = '', tokenize = "porter unicode61 remove_diacritics 2");
INSERT INTO memory_words (memory_words, rank) VALUES ('secure-delete', 1);
INSERT INTO memory_words (memory_words, rank) VALUES ('automerge', 8);
CREATE VIRTUAL TABLE memory_words_forgotten USING fts5 (title, text, more, content = '', tokenize = "porter unicode61 remove_diacritics 2");
INSERT INTO memory_words_forgotten (memory_words_forgotten, rank) VALUES ('secure-delete', 1);
CREATE TABLE memory_words_known (
  id INTEGER PRIMARY KEY,
  word TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE memory_models (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  dimension INTEGER NOT NULL
) STRICT;
CREATE TABLE memory_vectors (
  item INTEGER PRIMARY KEY REFERENCES memory_items (position) ON DELETE CASCADE,
  model INTEGER NOT NULL REFERENCES memory_models (id),
  vector BLOB NOT NULL
) STRICT;

CREATE TABLE memory_reviews (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  items TEXT NOT NULL,
  proposal TEXT NOT NULL,
  source TEXT NOT NULL,
  at INTEGER NOT NULL,
  decided_at INTEGER
) STRICT;
CREATE INDEX memory_reviews_by_state ON memory_reviews (state, position);
`,
}
