import type { Migration } from '../migrate'

/**
 * The index of words is a file of its own (`memory/words/word-file.ts`), made from the items. New items are found by their position;
 * a row of `memory_word_changes` says what the index has of an item that has another text now, is forgotten, or is gone.
 * `words`: of an erased item, those that may occur nowhere any more. What the index has taken in is removed.
 */
export const memoryWordChanges: Migration = {
  name: '0026-memory-word-changes',
  sql: `
PRAGMA secure_delete = ON;
DROP TABLE memory_words;
DROP TABLE memory_words_forgotten;
DROP TABLE memory_words_known;
PRAGMA secure_delete = FAST;
CREATE TABLE memory_word_changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  item INTEGER NOT NULL,
  forgotten INTEGER NOT NULL CHECK (forgotten IN (0, 1)),
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  more TEXT NOT NULL,
  words TEXT
) STRICT;
CREATE INDEX memory_word_changes_by_item ON memory_word_changes (item, seq);
CREATE INDEX memory_word_changes_erased ON memory_word_changes (seq) WHERE words IS NOT NULL;
`,
}
