import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import type { Notice } from '#contract/system'
import { RESTORED_FLAG } from '#core/audit/restored-flag'
import { AppError } from '#core/errors'
import { listBackups, stampOf, syncFile, syncFolder } from './backup-files'
import { checkDatabase, inspectHeader } from './check'
import { APPLICATION_ID, openConnection } from './connection'
import { removeWordFile, wordFileOf } from './memory/words/word-file'
import { migrate, type Migration, type MigrationStamp } from './migrate'

const COMPANIONS = ['', '-wal', '-shm']

/** More numbers than events can have been given since any backup that is still kept. */
const EVENT_NUMBERS_SKIPPED = 2 ** 32

export interface Recovery {
  readonly path: string
  readonly backupFolder: string
  readonly migrations: readonly Migration[]
  readonly stamp: MigrationStamp
  readonly noticeId: string
  /** A person asked for this backup; left out: the newest that is sound, since the database is damaged or missing. */
  readonly chosen?: string
}

/**
 * Puts the newest backup that passes its own check in the place of a damaged or missing database, or an empty one when
 * there is none; the damaged files are moved to quarantine, never deleted. The new database carries the notice of it, and
 * comes into place in one rename, so that a crash in between repeats the recovery instead of hiding it.
 */
export function recover({ path, backupFolder, migrations, stamp, noticeId, chosen }: Recovery): Notice {
  const quarantine = join(dirname(backupFolder), 'quarantine')
  const damaged = COMPANIONS.filter((companion) => existsSync(path + companion))
  const quarantined = `${stampOf(stamp.at)}-${basename(path)}`
  const prepared = `${path}.restoring`
  for (const companion of COMPANIONS) rmSync(prepared + companion, { force: true })

  const backups = listBackups(backupFolder).filter((backup) => chosen === undefined || basename(backup.path) === chosen)
  const source = backups.find((backup) => isSound(backup.path, migrations.length))
  if (chosen !== undefined && !source) throw new AppError('DATABASE_DAMAGED', 'This backup cannot be used: it is gone or damaged. Nothing was changed; choose another one.')
  if (source) copyFileSync(source.path, prepared)
  const notice: Notice = {
    id: noticeId,
    level: chosen !== undefined ? 'info' : source ? 'warning' : 'error',
    text: chosen !== undefined && source ? wentBack(source.at, quarantined) : explain(source?.at ?? null, damaged.includes('') ? `quarantine/${quarantined}` : null),
  }
  fill(prepared, migrations, stamp, notice)

  mkdirSync(quarantine, { recursive: true, mode: 0o700 })
  for (const companion of damaged) renameSync(path + companion, join(quarantine, quarantined + companion))
  // What was made of the items that go is made anew from those that come.
  removeWordFile(wordFileOf(path))
  renameSync(prepared, path)
  syncFolder(quarantine)
  syncFolder(dirname(path))
  return notice
}

function fill(path: string, migrations: readonly Migration[], stamp: MigrationStamp, notice: Notice): void {
  const db = openConnection(path)
  try {
    db.pragma(`application_id = ${APPLICATION_ID}`)
    migrate(db, migrations, stamp)
    db.transaction(() => {
      // Positions from before are answered with a reset, since what they stand for may be gone.
      db.prepare('UPDATE event_position SET reserved_until = max(reserved_until + ?, ?)').run(EVENT_NUMBERS_SKIPPED, stamp.at)
      db.prepare('UPDATE event_position SET pruned_until = reserved_until').run()
      // Known to the audit, whose signed head may vouch for more.
      db.prepare('INSERT INTO flags (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(RESTORED_FLAG, String(stamp.at))
      db.prepare('INSERT INTO notices (id, level, text, at) VALUES (?, ?, ?, ?)').run(notice.id, notice.level, notice.text, stamp.at)
    }).immediate()
  } finally {
    db.close()
  }
  syncFile(path)
}

/** Whether a backup can be used. Any failure means no: there may be an older one that can. */
function isSound(path: string, newestVersion: number): boolean {
  try {
    if (!inspectHeader(path, newestVersion)) return false
    const db = new Database(path, { readonly: true, fileMustExist: true })
    try {
      checkDatabase(db, newestVersion, { thorough: true })
      return db.pragma('application_id', { simple: true }) === APPLICATION_ID
    } finally {
      db.close()
    }
  } catch {
    return false
  }
}

function wentBack(at: number, quarantined: string): string {
  return `Trestle went back to the backup of ${stampText(at)} (UTC). The database as it was before is kept as quarantine/${quarantined} in the profile folder.`
}

function stampText(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

function explain(restoredFrom: number | null, quarantined: string | null): string {
  const found = quarantined === null
    ? 'The database of this profile was missing.'
    : `The database of this profile was damaged. The damaged file is kept as ${quarantined} in the profile folder.`
  const done = restoredFrom === null
    ? 'There was no backup that could be used, so Trestle started empty.'
    : `Trestle restored the backup of ${stampText(restoredFrom)} (UTC); what came after it is not there any more.`
  return `${found} ${done}`
}
