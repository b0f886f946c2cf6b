import type { Database } from 'better-sqlite3'
import { closeSync, openSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** In pages of 4 kB: a longer log is taken over into the file when there is nothing else to do; beyond the second, SQLite does it at once. */
const LONG = 1_000
const TOO_LONG = 16_000
/** Another one is made anew from the items. */
const VERSION = 1
const tokenize = 'tokenize = "porter unicode61 remove_diacritics 2"'

/**
 * Contentless: exactly what was added has to be given to take it out. Forgotten items have an index of their own: what was forgotten is
 * looked up there before something new is learnt. `memory_words_known` are the words that occur: typos and parts of words are put right
 * by what is really there. `memory_words_state`: all items up to a position and all changes up to a number are in it.
 */
const schema = `
CREATE VIRTUAL TABLE words.memory_words USING fts5 (title, text, more, content = '', ${tokenize});
INSERT INTO words.memory_words (memory_words, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE words.memory_words_forgotten USING fts5 (title, text, more, content = '', ${tokenize});
INSERT INTO words.memory_words_forgotten (memory_words_forgotten, rank) VALUES ('secure-delete', 1);
CREATE TABLE words.memory_words_known (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE words.memory_words_state (until INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT;
INSERT INTO words.memory_words_state VALUES (0, 0);
PRAGMA words.user_version = ${VERSION};
`

/** Beside the database it is made from. */
export function wordFileOf(databasePath: string): string {
  return join(dirname(databasePath), 'memory-words.db')
}

/** It belongs to a database that is not there any more. */
export function removeWordFile(path: string): void {
  for (const companion of ['-wal', '-shm', '']) rmSync(path + companion, { force: true })
}

/** As schema `words` of the connection. One that is damaged or of another version is replaced by an empty one; nothing is lost by that. */
export function attachWords(db: Database, path: string): void {
  try {
    attach(db, path)
    const version = db.pragma('words.user_version', { simple: true })
    // What cannot be opened as an index is as good as none.
    if (version === VERSION) return void db.prepare('SELECT 1 FROM memory_words, memory_words_forgotten, memory_words_known LIMIT 0')
    if (version === 0) return create(db)
  } catch (error) {
    if (!isDamaged(error)) throw error
  }
  if (isAttached(db)) db.exec('DETACH words')
  removeWordFile(path)
  attach(db, path)
  create(db)
}

/** Waits for the disk twice, and so does whoever else wants it just then: not while many items come in. */
export function shortenLog(db: Database): void {
  if (db.memory) return
  const { log = 0, checkpointed = 0 } = db.prepare<[], { readonly log: number; readonly checkpointed: number }>('PRAGMA words.wal_checkpoint(NOOP)').get() ?? {}
  if (log - checkpointed >= LONG) db.pragma('words.wal_checkpoint(PASSIVE)')
}

export function isDamaged(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

function attach(db: Database, path: string): void {
  const isFile = path !== ':memory:'
  // A connection that may not make its own file makes no other one either.
  if (isFile) closeSync(openSync(path, 'a', 0o600))
  db.prepare('ATTACH ? AS words').run(path)
  if (!isFile) return
  db.pragma('words.journal_mode = WAL')
  // It can be made anew: it need not be on disk, it must only not be damaged.
  db.pragma('words.synchronous = NORMAL')
  db.pragma('words.secure_delete = ON')
  db.pragma(`wal_autocheckpoint = ${TOO_LONG}`)
  db.pragma(`words.journal_size_limit = ${16 * 1024 * 1024}`)
}

function isAttached(db: Database): boolean {
  return db.prepare<[], string>("SELECT name FROM pragma_database_list WHERE name = 'words'").pluck().get() !== undefined
}

function create(db: Database): void {
  db.transaction(() => db.exec(schema))()
}
