import { closeSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const KEEP_LATEST = 4
const KEEP_DAYS = 7
const KEEP_BEFORE_MIGRATION = 2
const DAY_MS = 86_400_000

const namePattern = /^trestle-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z(-before-[a-z0-9-]+)?\.db$/

export interface BackupFile {
  readonly path: string
  readonly at: number
  readonly beforeMigration: boolean
}

/** A time as part of a file name; such names sort by time. */
export function stampOf(at: number): string {
  return new Date(at).toISOString().replace(/[:.]/g, '-')
}

export function backupPath(folder: string, at: number, beforeMigration?: string): string {
  return join(folder, `trestle-${stampOf(at)}${beforeMigration === undefined ? '' : `-before-${beforeMigration}`}.db`)
}

/** Finished backups, newest first. None when there is no folder. */
export function listBackups(folder: string): BackupFile[] {
  return namesIn(folder)
    .flatMap((name) => {
      const match = namePattern.exec(name)
      if (!match) return []
      const [, day, hours, minutes, seconds, milliseconds, before] = match
      const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`)
      return Number.isNaN(at) ? [] : [{ path: join(folder, name), at, beforeMigration: before !== undefined }]
    })
    .sort((left, right) => right.at - left.at)
}

/** The newest few, the newest of each of the last days, and the newest few from before a migration. */
export function backupsToKeep(backups: readonly BackupFile[], now: number): BackupFile[] {
  const regular = backups.filter(({ beforeMigration }) => !beforeMigration)
  const days = new Set<number>()
  const kept = regular.filter(({ at }, index) => {
    const day = Math.floor(at / DAY_MS)
    const newestOfDay = !days.has(day) && now - at < KEEP_DAYS * DAY_MS
    days.add(day)
    return index < KEEP_LATEST || newestOfDay
  })
  return [...kept, ...backups.filter(({ beforeMigration }) => beforeMigration).slice(0, KEEP_BEFORE_MIGRATION)]
}

/** Removes what need not be kept, and what a crash left unfinished. */
export function pruneBackups(folder: string, now: number): void {
  const backups = listBackups(folder)
  const keep = new Set(backupsToKeep(backups, now).map(({ path }) => path))
  for (const { path } of backups) if (!keep.has(path)) rmSync(path, { force: true })
  removeUnfinished(folder)
}

export function removeUnfinished(folder: string): void {
  for (const name of namesIn(folder)) if (name.startsWith('trestle-') && /\.tmp(-\w+)?$/.test(name)) rmSync(join(folder, name), { force: true })
}

/** Makes a rename in the folder survive a power loss. Windows has no such call and does not need it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  syncFile(folder)
}

export function syncFile(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
