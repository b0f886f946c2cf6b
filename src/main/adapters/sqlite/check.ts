import { closeSync, openSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '#core/errors'
import { APPLICATION_ID } from './connection'
import { versionOf } from './migrate'

/** Up to here every index is compared with its table; above, only the structure is read, which takes a fraction of the time. */
const FULL_CHECK_UP_TO_BYTES = 50 * 1024 * 1024

const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'

/** The file cannot be used as it is. `message` says why, for the log. */
export class Damage extends Error {
  override readonly name = 'Damage'
}

/**
 * Looks at the first bytes without SQLite, so that a file from a newer version is not even opened. False when there is no
 * file. Throws Damage, or AppError DATABASE_NEWER or PERMISSION_DENIED.
 */
export function inspectHeader(path: string, newestVersion: number): boolean {
  const header = readHeader(path)
  if (header === null) return false
  if (header.length === 0) throw new Damage('the file is empty')
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, 16) !== MAGIC) throw new Damage('the file is not a database')
  const [writeFormat, readFormat] = [header.readUInt8(18), header.readUInt8(19)]
  if (writeFormat > 2 || readFormat > 2) throw new Damage('the header is not valid')
  if (isCut(path, header)) throw new Damage('the file is shorter than it says')
  if (header.readUInt32BE(68) === APPLICATION_ID && header.readUInt32BE(60) > newestVersion) throw newer()
  return true
}

/** Throws Damage when the database is not ours or is not sound, AppError DATABASE_NEWER when it is too new. */
export function checkDatabase(db: Database.Database, newestVersion: number, { thorough }: { readonly thorough: boolean }): void {
  const id = db.pragma('application_id', { simple: true })
  const empty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
  if (id !== APPLICATION_ID && !(id === 0 && empty)) throw new Damage('the file is the database of another program')
  if (versionOf(db) > newestVersion) throw newer()
  if (!thorough) return
  const pragma = statSync(db.name).size > FULL_CHECK_UP_TO_BYTES ? 'quick_check(1)' : 'integrity_check(1)'
  const result = db.pragma(pragma, { simple: true })
  if (result !== 'ok') throw new Damage(String(result))
}

/**
 * Whether an error of opening or checking means that the content is bad, rather than that it could not be read. Nothing
 * but our own fixed statements runs there, so a plain SQLITE_ERROR is the file's doing.
 */
export function isDamage(error: unknown): boolean {
  if (error instanceof Damage) return true
  if (!(error instanceof Database.SqliteError)) return false
  const { code } = error
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_ERROR' || code === 'SQLITE_IOERR_SHORT_READ'
}

/** SQLite reads what is missing as zeros. While there is a log beside the file, its size says nothing. */
function isCut(path: string, header: Buffer): boolean {
  const pages = header.readUInt32BE(24) === header.readUInt32BE(92) ? header.readUInt32BE(28) : 0
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  const logged = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
  return !logged && statSync(path).size < pages * pageSize
}

function readHeader(path: string): Buffer | null {
  try {
    const file = openSync(path, 'r')
    try {
      const header = Buffer.alloc(HEADER_BYTES)
      return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0))
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw new AppError('PERMISSION_DENIED', 'Trestle cannot read its database. Check who may read the files of the profile folder, then start again; nothing was changed.', { cause })
  }
}

function newer(): AppError {
  return new AppError('DATABASE_NEWER', 'This profile was last used with a newer version of Trestle. Install that version or a later one to open it; nothing was changed.')
}
