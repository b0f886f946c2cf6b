import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { Notice } from '#contract/system'
import type { AuditReader } from '#core/ports/audit-store'
import type { JobQueue } from '#core/ports/job-queue'
import type { MemorySearch } from '#core/ports/memory-search'
import type { Store } from '#core/ports/store'
import type { Clock, Logger, NewId } from '#core/ports/system'
import { createAuditReader } from './audit/audit-reader'
import { type Backup, createBackup } from './backup'
import { backupPath, listBackups, syncFile, syncFolder } from './backup-files'
import { checkDatabase, inspectHeader, isDamage } from './check'
import { forgetCleanStop, noteCleanStop, wasStoppedCleanly } from './clean-stop'
import { APPLICATION_ID, openConnection } from './connection'
import { createStore } from './create-store'
import { createSqliteJobQueue } from './job-queue'
import { createLogCheckpoint } from './log-checkpoint/log-checkpoint'
import { createMemorySearch } from './memory/memory-search'
import { type Migration, migrate, versionOf } from './migrate'
import { migrations as knownMigrations } from './migrations'
import { preparingLate } from './prepare-late'
import { lockProfile } from './profile-lock'
import { recover } from './recover'
import { mapSqliteError } from './sqlite-errors'

export interface OpenStoreOptions {
  /** The database file, or `:memory:` for one that is not kept. */
  readonly path: string
  readonly backupFolder: string
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly newId: NewId
  readonly logger: Logger
  readonly appVersion?: string
  readonly migrations?: readonly Migration[]
}

export interface OpenedStore {
  readonly store: Store
  /** On the same database; it ends with `close`. */
  readonly jobs: JobQueue
  /** Over the same database; it ends with `close`. */
  readonly memorySearch: MemorySearch
  /** Over the same database; it ends with `close`. */
  readonly auditReader: AuditReader
  /** What a person should know about this start. They are in `store.notices` too. */
  readonly notices: readonly Notice[]
  readonly backup: Backup
  /** Is called with notices that come up later (a failed backup), after they are in `store.notices`. The result stops it. */
  onDidNotice(listener: (notice: Notice) => void): () => void
  /** Ends the backup at work, moves everything into the one file and gives the profile back. Never rejects; calls after the first do nothing. */
  close(): Promise<void>
}

/**
 * Opens the database of a profile for this process alone. Throws AppError: PROFILE_IN_USE, DATABASE_NEWER (nothing is
 * touched), PERMISSION_DENIED, DISK_FULL. A damaged database is no failure: it is replaced by its newest good backup, and
 * `notices` says so.
 *
 * When the file is read through: before the store opens, unless the file looks exactly as the last orderly stop left it;
 * every backup checks all of it again within 15 minutes of a change.
 */
export function openStore(options: OpenStoreOptions): OpenedStore {
  const { path, clock, newId, logger } = options
  const inMemory = path === ':memory:'
  if (!inMemory) makeFolder(dirname(path))
  const unlock = inMemory ? () => {} : lockProfile(dirname(path))
  try {
    const { db, notices } = openSound(options)
    try {
      migrateSafely(db, options)
      return assemble(db, { inMemory, backupFolder: options.backupFolder, clock, newId, logger, notices, unlock })
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    unlock()
    throw mapSqliteError(error, 'The profile', path)
  }
}

/** Only here is bad content answered with quarantine: what fails later, a migration for instance, may be our mistake. */
function openSound({ path, backupFolder, clock, newId, logger, appVersion = '0.0.0', migrations = knownMigrations }: OpenStoreOptions): {
  readonly db: Database
  readonly notices: readonly Notice[]
} {
  if (path === ':memory:') return { db: openConnection(path), notices: [] }
  try {
    const exists = inspectHeader(path, migrations.length)
    if (exists || listBackups(backupFolder).length === 0) {
      const thorough = exists && !wasStoppedCleanly(path)
      forgetCleanStop(path)
      return { db: openChecked(path, migrations.length, thorough), notices: [] }
    }
    logger.warn('database.missing')
  } catch (error) {
    if (!isDamage(error)) throw error
    logger.error('database.damaged', { error })
  }
  const notice = recover({ path, backupFolder, migrations, stamp: { at: clock.now(), appVersion }, noticeId: newId() })
  return { db: openChecked(path, migrations.length, false), notices: [notice] }
}

function openChecked(path: string, newestVersion: number, thorough: boolean): Database {
  return openConnection(path, (db) => checkDatabase(db, newestVersion, { thorough }))
}

function migrateSafely(db: Database, { path, backupFolder, clock, appVersion = '0.0.0', migrations = knownMigrations }: OpenStoreOptions): void {
  const version = versionOf(db)
  const next = migrations[version]
  if (version === 0) db.pragma(`application_id = ${APPLICATION_ID}`)
  else if (next && path !== ':memory:') backUpBeforeMigration(db, backupFolder, clock.now(), next.name)
  migrate(db, migrations, { at: clock.now(), appVersion })
}

/** Whole and on disk before the first statement of the migration. */
function backUpBeforeMigration(db: Database, folder: string, at: number, migration: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const target = backupPath(folder, at, migration)
  const temporary = `${target}.tmp`
  rmSync(temporary, { force: true })
  db.prepare('VACUUM INTO ?').run(temporary)
  syncFile(temporary)
  renameSync(temporary, target)
  syncFolder(folder)
}

interface Parts {
  readonly inMemory: boolean
  readonly backupFolder: string
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly newId: NewId
  readonly logger: Logger
  readonly notices: readonly Notice[]
  readonly unlock: () => void
}

function assemble(db: Database, { inMemory, backupFolder, clock, newId, logger, notices, unlock }: Parts): OpenedStore {
  let damaged = false
  let closing: Promise<void> | null = null
  const listeners = new Set<(notice: Notice) => void>()
  const onDamage = () => {
    damaged = true
  }
  const log = createLogCheckpoint(db)
  const late = preparingLate(db)
  const { store, release } = createStore(late, { onDamage, log })
  const jobs = createSqliteJobQueue({ db: late, store, clock })
  const memorySearch = createMemorySearch(db, store.memory.wordsTaken)
  const auditReader = createAuditReader(db)
  const onNotice = (notice: Notice) => {
    try {
      store.notices.insert(notice, clock.now())
    } catch (error) {
      logger.error('notice.not-saved', { error })
    }
    for (const listener of listeners) {
      try {
        listener(notice)
      } catch (error) {
        logger.error('notice.not-told', { error })
      }
    }
  }
  const backup = inMemory ? noBackup : createBackup({ db, folder: backupFolder, clock, newId, logger, onNotice, onDamage })

  const close = async () => {
    await backup.stop()
    await memorySearch.close()
    await log.stop()
    await auditReader.close()
    try {
      jobs.stop()
      release()
      db.pragma('wal_checkpoint(TRUNCATE)')
    } catch (error) {
      damaged = true
      logger.error('database.close-failed', { error })
    }
    try {
      db.close()
      if (!inMemory && !damaged) noteCleanStop(db.name)
    } catch (error) {
      logger.error('database.close-failed', { error })
    } finally {
      unlock()
    }
  }

  return {
    store, jobs: jobs.queue, memorySearch, auditReader, notices, backup,
    onDidNotice(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: () => (closing ??= close()),
  }
}

const noBackup = { start: () => () => {}, now: () => Promise.resolve(null), stop: () => Promise.resolve() }

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch {
    // Taking the lock in it says what is wrong.
  }
}
