import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import type { Notice } from '#contract/system'
import type { Clock, Logger, NewId } from '#core/ports/system'
import { backupPath, listBackups, pruneBackups, removeUnfinished, syncFile, syncFolder } from './backup-files'
import { copyAndCheck, type RunningCopy } from './backup-worker'

const INTERVAL_MS = 15 * 60_000
/** What the run before this one left without a backup is copied soon, but not while the app is starting. */
const FIRST_MS = 60_000

export interface BackupOptions {
  readonly db: Database
  readonly folder: string
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly newId: NewId
  readonly logger: Logger
  /** Called with what a person should know: a backup failed, or the database was found damaged. */
  readonly onNotice: (notice: Notice) => void
  /** The copy did not pass its check: neither may the database. */
  readonly onDamage: () => void
}

export interface Backup {
  /** Backs up every 15 minutes when something changed. The result stops that. */
  start(): () => void
  /** A verified backup now. Never rejects; null when it is on disk, else what went wrong. A call during another joins it. */
  now(): Promise<Notice | null>
}

export function createBackup({ db, folder, clock, newId, logger, onNotice, onDamage }: BackupOptions): Backup & { stop(): Promise<void> } {
  const totalChanges = db.prepare<[], number>('SELECT total_changes()').pluck()
  const path = db.name
  let covered = isCovered(path, folder) ? totalChanges.get() : null
  const failures = createFailures({ newId, logger, onNotice })
  let current: { readonly copy: RunningCopy; readonly done: Promise<Notice | null> } | null = null
  let stopped = false
  let cancelTimer = () => {}

  const make = async (copy: RunningCopy, temporary: string, changes: number | undefined): Promise<Notice | null> => {
    try {
      const { check } = await copy.result
      if (check !== 'ok') {
        onDamage()
        throw new DamagedSource(check)
      }
      syncFile(temporary)
      renameSync(temporary, backupPath(folder, clock.now()))
      syncFolder(folder)
      pruneBackups(folder, clock.now())
      covered = changes
      failures.end()
      return null
    } catch (error) {
      return stopped ? null : failures.add(error)
    } finally {
      await copy.stop()
      discard(temporary)
      current = null
    }
  }

  const now = async (): Promise<Notice | null> => {
    if (current) return current.done
    if (stopped) return null
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      removeUnfinished(folder)
      const temporary = `${backupPath(folder, clock.now())}.tmp`
      const changes = totalChanges.get()
      const copy = copyAndCheck(path, temporary)
      const done = make(copy, temporary, changes)
      current = { copy, done }
      return await done
    } catch (error) {
      return failures.add(error)
    }
  }

  const schedule = (ms: number) => {
    cancelTimer = clock.after(ms, () => {
      const round = !stopped && totalChanges.get() !== covered ? now() : Promise.resolve(null)
      void round.then(() => {
        if (!stopped) schedule(INTERVAL_MS)
      })
    })
  }

  return {
    now,
    start() {
      schedule(covered === null ? FIRST_MS : INTERVAL_MS)
      return () => cancelTimer()
    },
    async stop() {
      stopped = true
      cancelTimer()
      const running = current
      if (!running) return
      await running.copy.stop()
      await running.done
    },
  }
}

/** One notice for a row of failures. */
function createFailures({ newId, logger, onNotice }: Pick<BackupOptions, 'newId' | 'logger' | 'onNotice'>) {
  let failing = false
  return {
    add(error: unknown): Notice {
      logger.error('backup.failed', { error })
      const notice: Notice = { id: newId(), level: 'warning', text: explain(error) }
      if (!failing) onNotice(notice)
      failing = true
      return notice
    },
    end() {
      failing = false
    },
  }
}

/** What cannot be removed now is removed before the next backup. */
function discard(temporary: string): void {
  try {
    for (const file of [temporary, `${temporary}-journal`]) rmSync(file, { force: true })
  } catch {
    return
  }
}

class DamagedSource extends Error {}

function explain(error: unknown): string {
  if (error instanceof DamagedSource) {
    return 'A part of the database is damaged, so no new backup was made; earlier backups are kept. Restart Trestle: it then checks the database and restores the last good backup.'
  }
  const full = error instanceof Error && 'code' in error && (error.code === 'SQLITE_FULL' || error.code === 'ENOSPC')
  return full
    ? 'The disk is full: no backup of your data was made. Your data itself is kept. Free some space; Trestle tries again every 15 minutes.'
    : 'No backup of your data could be made. Your data itself is kept. Check that Trestle may write to its profile folder; it tries again every 15 minutes.'
}

/** Whether the newest backup is younger than the database file. */
function isCovered(path: string, folder: string): boolean {
  const [newest] = listBackups(folder)
  const modified = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return newest !== undefined && modified(newest.path) >= modified(path)
}
