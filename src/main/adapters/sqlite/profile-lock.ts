import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '#core/errors'

/**
 * Takes a profile folder for this process; the result gives it back. The operating system holds the lock (an open
 * transaction on an empty file), so it ends with the process however that ends. Throws AppError PROFILE_IN_USE, or
 * PERMISSION_DENIED when the folder cannot be written.
 */
export function lockProfile(folder: string): () => void {
  const path = join(folder, 'profile.lock')
  try {
    return take(path)
  } catch (error) {
    if (!isSqlite(error, 'SQLITE_NOTADB') && !isSqlite(error, 'SQLITE_CORRUPT')) throw toAppError(error)
  }
  // Something else wrote into the file; nobody holds it, since that would have been found first.
  try {
    truncateSync(path)
    return take(path)
  } catch (error) {
    throw toAppError(error)
  }
}

function take(path: string): () => void {
  const db = new Database(path, { timeout: 0 })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    throw error
  }
  return () => void db.close()
}

function isSqlite(error: unknown, code: string): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith(code)
}

function toAppError(cause: unknown): AppError {
  if (isSqlite(cause, 'SQLITE_BUSY') || isSqlite(cause, 'SQLITE_LOCKED')) {
    return new AppError('PROFILE_IN_USE', 'Trestle is already running with this profile. Use that window, or stop it first; nothing was changed.', { cause })
  }
  if (isSqlite(cause, 'SQLITE_FULL')) return new AppError('DISK_FULL', 'The disk is full: Trestle could not start. Free some space and try again.', { cause })
  return new AppError('PERMISSION_DENIED', 'Trestle may not write to its profile folder. Allow it, or choose another folder, and start again.', { cause })
}
