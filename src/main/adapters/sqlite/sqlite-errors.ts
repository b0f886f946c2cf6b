import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '#core/errors'

/** Below this a disk that refuses to write is taken for full. */
const FULL_BELOW_BYTES = 1_000_000

/**
 * What a failure of SQLite means to a person. `what` begins a sentence: "The settings". Violated constraints and wrong
 * SQL are bugs and stay what they are.
 */
export function mapSqliteError(error: unknown, what: string, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const { code } = error
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE' || (code.startsWith('SQLITE_IOERR') && diskIsFull(path))) {
    return new AppError('DISK_FULL', `The disk is full: ${lowerFirst(what)} was not saved. Free some space and try again.`, { cause: error })
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new AppError('DATABASE_DAMAGED', `${what} could not be read or saved, because the database is damaged. Restart Trestle: it then restores the last good copy.`, { cause: error })
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return new AppError('DATABASE_DAMAGED', `${what} could not be read or saved, because the disk reported an error. Check the disk, then restart Trestle.`, { cause: error })
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM') || code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_AUTH')) {
    return new AppError('PERMISSION_DENIED', `${what} could not be saved, because Trestle may not write to its profile folder. Allow it and try again.`, { cause: error })
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('SERVICE_UNAVAILABLE', `${what} could not be saved, because another program holds the database. Close it and try again.`, { cause: error })
  }
  return error
}

/** The same functions; what they throw goes through `map`. */
export function withMappedErrors<T extends object>(methods: T, map: (error: unknown) => unknown): T {
  const guarded = Object.entries(methods).map(([name, method]: [string, unknown]) => {
    if (typeof method !== 'function') return [name, method]
    return [name, (...args: unknown[]): unknown => {
      try {
        return method(...args)
      } catch (error) {
        throw map(error)
      }
    }]
  })
  return Object.fromEntries(guarded) as T
}

function diskIsFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize < FULL_BELOW_BYTES
  } catch {
    return false
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
