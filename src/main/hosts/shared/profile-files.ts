import { createWriteStream, type Dirent } from 'node:fs'
import { copyFile, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Backup, type PendingAction, PendingActionSchema, type ProfileData, type ProfileExport } from '#contract/data'
import type { Notice } from '#contract/system'
import { AppError, notFound } from '#core/errors'
import type { ProfileFiles } from '#core/ports/profile-data'
import type { Clock, NewId } from '#core/ports/system'
import { backupsIn, goBackTo, lockProfile } from '../../adapters/sqlite'

const PENDING = 'next-start.json'
const KEPT_BY_ERASE: ReadonlySet<string> = new Set(['profile.lock'])

type Part = ProfileData['parts'][number]['part']
const partByName: Readonly<Record<string, Part>> = {
  'trestle.db': 'database', 'trestle.db-wal': 'database', 'trestle.db-shm': 'database', 'memory-words.db': 'database', 'memory-words.db-wal': 'database', 'memory-words.db-shm': 'database',
  quarantine: 'backups', backups: 'backups', content: 'checkpoints', scratch: 'checkpoints', artifacts: 'outputs', bin: 'bin', exports: 'exports', logs: 'logs',
}

export function createProfileFiles({ profile, backUpNow, clock }: {
  readonly profile: string
  /** Null when the backup is on disk, else what went wrong. */
  readonly backUpNow: () => Promise<Notice | null>
  readonly clock: Pick<Clock, 'now'>
}): ProfileFiles {
  const backups = async (): Promise<Backup[]> => Promise.all(backupsIn(join(profile, 'backups')).map(async ({ name, path, at, beforeMigration }) => ({
    name, at, beforeUpdate: beforeMigration, bytes: (await stat(path).catch(() => null))?.size ?? 0,
  })))
  const look = async (): Promise<ProfileData> => ({ path: profile, parts: await sizes(profile), backups: await backups(), pending: await readPending(profile) })
  const backUp = async (): Promise<Backup> => {
    const problem = await backUpNow()
    const [newest] = await backups()
    if (problem !== null || newest === undefined) throw new AppError('SERVICE_UNAVAILABLE', problem?.text ?? 'No backup could be made.', { retryable: false })
    return newest
  }
  return {
    look,
    backUp,
    atNextStart: async (action) => {
      if (action?.action === 'restore' && !(await backups()).some(({ name }) => name === action.backup)) throw notFound('Backup', action.backup)
      if (action === null) await rm(join(profile, PENDING), { force: true })
      else await writePending(profile, action)
    },
    export: async (sessions) => {
      const backup = await backUp()
      const target = join(profile, 'exports', `trestle-${new Date(clock.now()).toISOString().replace(/[:.]/g, '-')}`)
      try {
        return await writeExport(profile, target, backup.name, sessions)
      } catch (cause) {
        await rm(target, { recursive: true, force: true }).catch(() => undefined)
        throw new AppError('DISK_FULL', 'The export could not be written; what was there of it is removed. Check that there is room on the disk of the profile.', { cause })
      }
    },
  }
}

async function writeExport(profile: string, target: string, backup: string, sessions: Iterable<string>): Promise<ProfileExport> {
  await mkdir(target, { recursive: true, mode: 0o700 })
  await copyFile(join(profile, 'backups', backup), join(target, 'trestle.db'))
  await copyFile(join(profile, 'settings.json'), join(target, 'settings.json')).catch(() => undefined)
  const counted = { sessions: 0 }
  const lines = function* () {
    for (const line of sessions) {
      counted.sessions += 1
      yield line
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(join(target, 'sessions.jsonl'), { mode: 0o600 }))
  for (const part of ['attachments', 'artifacts']) {
    await cp(join(profile, part), join(target, part), { recursive: true }).catch((error: unknown) => {
      // Made when the first of its kind comes.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    })
  }
  await writeFile(join(target, 'README.txt'), readme)
  return { path: target, bytes: await bytesOf(target), sessions: counted.sessions }
}

const readme = `sessions.jsonl  one session per line, as JSON: the session, its folder, the entries of all its branches, its runs with their steps
trestle.db      the whole database (SQLite), as it was at the time of the export, with everything that was said; what looks like a key
                is left out of sessions.jsonl, but not here
settings.json   the settings
attachments     what was attached to messages, by the hashes that the entries name
artifacts       long outputs of tools, by the ids that the results name

Keys of providers are in the keychain of the system and no part of this. Files of checkpoints stay in the profile.
`

/**
 * Before anything of the profile is opened: goes back to a backup, or removes everything, where a person asked for it. A
 * backup that cannot be used leaves everything as it is; the result says so.
 */
export async function runPendingAction({ profile, clock, newId, appVersion }: {
  readonly profile: string
  readonly clock: Pick<Clock, 'now'>
  readonly newId: NewId
  readonly appVersion: string
}): Promise<string | null> {
  const pending = await readPending(profile)
  if (pending === null) return null
  if (pending.action === 'erase') {
    const unlock = lockProfile(profile)
    try {
      // The order to erase goes last, so that a crash in between erases again.
      const names = (await readdir(profile)).filter((name) => name !== PENDING && !KEPT_BY_ERASE.has(name))
      for (const name of names) await rm(join(profile, name), { recursive: true, force: true })
      await rm(join(profile, PENDING), { force: true })
    } finally {
      unlock()
    }
    return null
  }
  try {
    goBackTo(pending.backup, { profile, clock, newId, appVersion })
    return null
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DATABASE_DAMAGED') throw error
    return error.message
  } finally {
    await rm(join(profile, PENDING), { force: true })
  }
}

async function readPending(profile: string): Promise<PendingAction | null> {
  const text = await readFile(join(profile, PENDING), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return PendingActionSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

async function writePending(profile: string, action: PendingAction): Promise<void> {
  const path = join(profile, PENDING)
  await writeFile(`${path}.new`, JSON.stringify(action), { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
}

async function sizes(profile: string): Promise<ProfileData['parts']> {
  const totals = new Map<Part, number>()
  for (const name of await readdir(profile)) {
    const part = partByName[name] ?? 'other'
    totals.set(part, (totals.get(part) ?? 0) + (await bytesOf(join(profile, name))))
  }
  return [...totals].map(([part, bytes]) => ({ part, bytes })).sort((left, right) => right.bytes - left.bytes)
}

/** Of a file, or of all files below a folder; links count as themselves. What goes away meanwhile counts nothing. */
async function bytesOf(path: string): Promise<number> {
  const stats = await lstat(path).catch(() => null)
  if (stats === null || !stats.isDirectory()) return stats?.size ?? 0
  const children: Dirent[] = await readdir(path, { withFileTypes: true }).catch(() => [])
  let total = 0
  for (const child of children) total += await bytesOf(join(path, basename(child.name)))
  return total
}
