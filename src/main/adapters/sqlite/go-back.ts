import { basename, dirname, join } from 'node:path'
import type { Clock, NewId } from '#core/ports/system'
import { listBackups } from './backup-files'
import { migrations } from './migrations'
import { lockProfile } from './profile-lock'
import { recover } from './recover'

export interface BackupOnDisk {
  readonly name: string
  readonly path: string
  readonly at: number
  readonly beforeMigration: boolean
}

/** Newest first. */
export function backupsIn(folder: string): readonly BackupOnDisk[] {
  return listBackups(folder).map((backup) => ({ ...backup, name: basename(backup.path) }))
}

/**
 * Puts a backup in the place of the database, which nobody may have open; the old one goes to quarantine. Throws AppError
 * PROFILE_IN_USE, or DATABASE_DAMAGED for a backup that does not pass its check; nothing is changed then.
 */
export function goBackTo(name: string, { profile, clock, newId, appVersion }: {
  readonly profile: string
  readonly clock: Pick<Clock, 'now'>
  readonly newId: NewId
  readonly appVersion: string
}): void {
  const path = join(profile, 'trestle.db')
  const unlock = lockProfile(dirname(path))
  try {
    recover({ path, backupFolder: join(profile, 'backups'), migrations, stamp: { at: clock.now(), appVersion }, noticeId: newId(), chosen: name })
  } finally {
    unlock()
  }
}
