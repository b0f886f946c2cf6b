import type { Database } from 'better-sqlite3'
import { renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'

export type { Database } from 'better-sqlite3'
export type OpenDatabase = (path: string) => Database

/** "TRCS": tells the content store from other databases. */
const APPLICATION_ID = 0x54524353
const VERSION = 1

/** Objects are packed into blocks that are compressed together: small files compress twice as well in company. */
const schema = `
CREATE TABLE blocks (
  id INTEGER PRIMARY KEY,
  codec TEXT NOT NULL,
  size INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE TABLE objects (
  hash BLOB PRIMARY KEY,
  block INTEGER NOT NULL,
  start INTEGER NOT NULL,
  size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX objects_by_block ON objects (block);
CREATE TABLE folders (
  root TEXT PRIMARY KEY,
  tree TEXT NOT NULL,
  used_at INTEGER NOT NULL,
  files BLOB NOT NULL
) STRICT;
`

/** The library is loaded by its path: a thread that is started from a string has no place to look for packages. */
export function databaseLibrary(library: string): OpenDatabase {
  const load: unknown = createRequire(library)(library)
  const Library = load as new (path: string, options: object) => Database
  return (path) => new Library(path, { timeout: 10_000 })
}

export interface OpenedDatabase {
  readonly db: Database
  /** The file was damaged beyond opening: it was put aside under this name and an empty one is in use. */
  readonly quarantined: string | null
}

export function openContentDatabase(open: OpenDatabase, path: string, now: number): OpenedDatabase {
  try {
    return { db: openChecked(open, path), quarantined: null }
  } catch (error) {
    if (!isDamage(error)) throw error
    const aside = `${path}.damaged-${now}`
    renameSync(path, aside)
    for (const ending of ['-wal', '-shm']) rmSync(path + ending, { force: true })
    return { db: openChecked(open, path), quarantined: aside }
  }
}

function openChecked(open: OpenDatabase, path: string): Database {
  const db = open(path)
  try {
    db.pragma('auto_vacuum = INCREMENTAL')
    db.pragma('journal_mode = WAL')
    // What a checkpoint needs is on disk when the checkpoint is acknowledged: one sync a snapshot.
    db.pragma('synchronous = FULL')
    db.pragma('cache_size = -16384')
    db.pragma('cell_size_check = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma('wal_autocheckpoint = 4000')
    db.pragma(`journal_size_limit = ${64 * 1024 * 1024}`)
    const version = Number(db.pragma('user_version', { simple: true }))
    if (version > VERSION) throw Object.assign(new Error('the content store is newer than this app'), { code: 'CONTENT_NEWER' })
    if (version === 0) {
      db.transaction(() => {
        db.exec(schema)
        db.pragma(`application_id = ${APPLICATION_ID}`)
        db.pragma(`user_version = ${VERSION}`)
      }).immediate()
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

export function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB)/.test(String(error.code))
}
