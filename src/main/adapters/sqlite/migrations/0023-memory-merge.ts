import type { Migration } from '../migrate'

/** The parts of the indexes of words are put together step by step (`memory/word-index.ts`), never in a transaction that has other work to do. */
export const memoryMerge: Migration = {
  name: '0023-memory-merge',
  sql: `
INSERT INTO memory_words (memory_words, rank) VALUES ('automerge', 0);
INSERT INTO memory_words (memory_words, rank) VALUES ('crisismerge', 1000);
INSERT INTO memory_words (memory_words, rank) VALUES ('usermerge', 8);
`,
}
