import Database from 'better-sqlite3'

export type { Database } from 'better-sqlite3'

/** "TRST": tells our files from other SQLite databases. */
export const APPLICATION_ID = 0x54525354

/**
 * Opens, or creates, a database for writing. `check` may throw; it runs before anything could be written. Throws
 * SqliteError too; the file is closed again then.
 */
export function openConnection(path: string, check: (db: Database.Database) => void = () => {}): Database.Database {
  const db = new Database(path, { timeout: 5000 })
  try {
    check(db)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.pragma('temp_store = MEMORY')
    // What was deleted inside of a page is overwritten: memory that was changed or erased is not to be read in the file.
    db.pragma('secure_delete = FAST')
    db.pragma(`journal_size_limit = ${64 * 1024 * 1024}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
