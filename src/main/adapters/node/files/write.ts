import { createHash } from 'node:crypto'
import { type BigIntStats, constants } from 'node:fs'
import { access, type FileHandle, link, lstat, mkdir, open, rename, rmdir, unlink } from 'node:fs/promises'
import { AppError } from '#core/errors'
import type { SystemPath } from '../../shared/names'
import type { Directory } from './directory'
import { errnoOf, isAFolder, notARegularFile } from './file-errors'
import { lstatOrNull, type Place } from './locate'
import { hashPlace } from './read'

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
const BITS_OF_MODE = 0o7777
const NEW_FILE_MODE = 0o666

/** `temporary`: the name in the same folder that the text is written under first. */
export async function writeText(place: Place, text: string, expectedHash: string | null, temporary: string): Promise<{ hash: string; bytes: number }> {
  if (place.kind === 'directory') throw isAFolder(place.path)
  if (place.kind !== 'file' && place.kind !== 'missing') throw notARegularFile(place.path)
  const bytes = Buffer.from(text, 'utf8')
  const before = await checkUnchanged(place, expectedHash)
  await withParent(place, async (parent, name) => {
    try {
      await writeTemporary(parent.at(temporary), bytes, before)
      if (before) {
        await checkSame(parent.at(name), before, place.path)
        await rename(parent.at(temporary), parent.at(name))
      } else {
        await renameToFree(parent.at(temporary), parent.at(name), changed(place.path))
      }
    } catch (error) {
      await unlink(parent.at(temporary)).catch(() => undefined)
      throw error
    }
    await parent.sync()
  })
  return { hash: hashOf(bytes), bytes: bytes.length }
}

export function hashOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What is there now, null for nothing; throws when it is not what the caller has seen. */
async function checkUnchanged(place: Place, expectedHash: string | null): Promise<BigIntStats | null> {
  if (place.kind === 'missing') {
    if (expectedHash !== null) throw changed(place.path)
    return null
  }
  const at = place.directory.at(place.names[0] ?? '')
  const stats = await lstat(at, { bigint: true })
  if ((await hashPlace(place)) !== expectedHash) throw changed(place.path)
  await access(at, constants.W_OK)
  return stats
}

async function checkSame(at: SystemPath, before: BigIntStats, path: string): Promise<void> {
  const now = await lstat(at, { bigint: true }).catch(() => null)
  const same = now !== null && now.isFile() && now.ino === before.ino && now.size === before.size && now.mtimeNs === before.mtimeNs
  if (!same) throw changed(path)
}

function changed(path: string): AppError {
  return new AppError('FILE_CHANGED', `${path} has changed since it was looked at; nothing was written. Read it again`)
}

async function writeTemporary(at: SystemPath, bytes: Uint8Array, before: BigIntStats | null): Promise<void> {
  const handle = await open(at, CREATE, before ? 0o600 : NEW_FILE_MODE)
  try {
    await handle.writeFile(bytes)
    if (before) await keepOwnerAndMode(handle, before)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function keepOwnerAndMode(handle: FileHandle, before: BigIntStats): Promise<void> {
  const now = await handle.stat({ bigint: true })
  if (now.uid !== before.uid || now.gid !== before.gid) await handle.chown(Number(before.uid), Number(before.gid)).catch(() => undefined)
  await handle.chmod(Number(before.mode) & BITS_OF_MODE)
}

/** Renames a file and never onto something: a hard link fails where the name is taken. Without hard links, looks first. */
export async function renameToFree(from: SystemPath, to: SystemPath, taken: Error): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'EEXIST') throw taken
    if (errno === 'EXDEV' || errno === 'ENOENT' || errno === 'ENOSPC') throw error
    if (await lstatOrNull(to)) throw taken
    return rename(from, to)
  }
  try {
    await unlink(from)
  } catch (error) {
    await unlink(to).catch(() => undefined)
    throw error
  }
}

/** Opens the folder of a path, making what is missing of it; what was made is removed again when the work fails. */
export async function withParent<T>(place: Place, work: (parent: Directory, name: string) => Promise<T>): Promise<T> {
  const name = place.names.at(-1)
  if (name === undefined) throw isAFolder('')
  const opened: { readonly parent: Directory; readonly name: string; readonly made: boolean; readonly directory: Directory }[] = []
  let parent = place.directory
  try {
    for (const folder of place.names.slice(0, -1)) {
      const made = await makeFolder(parent.at(folder))
      const directory = await parent.enter(folder)
      opened.push({ parent, name: folder, made, directory })
      if (made) await parent.sync()
      parent = directory
    }
    return await work(parent, name)
  } catch (error) {
    for (const folder of opened.toReversed()) {
      if (folder.made) await rmdir(folder.parent.at(folder.name)).catch(() => undefined)
    }
    throw error
  } finally {
    for (const folder of opened) await folder.directory.close()
  }
}

/** False when it was there already. */
export async function makeFolder(at: SystemPath): Promise<boolean> {
  try {
    await mkdir(at)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}
