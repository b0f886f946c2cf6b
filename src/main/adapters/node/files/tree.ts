import { constants } from 'node:fs'
import { lstat, mkdir, open, opendir, readlink, rmdir, symlink, unlink } from 'node:fs/promises'
import { AppError } from '#core/errors'
import { decodeName, nameEncoding, type SystemPath } from '../../shared/names'
import type { Directory } from './directory'
import { notARegularFile } from './file-errors'
import { hashFile, withFileAt } from './read'

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
const CHUNK = 256 * 1024

/** Bytes of the files of a file, link or folder. Never follows a link. */
export async function sizeOf(parent: Directory, name: string): Promise<number> {
  const stats = await lstat(parent.at(name))
  if (!stats.isDirectory()) return stats.isFile() ? stats.size : 0
  return inside(parent, name, async (directory) => {
    let bytes = 0
    for await (const child of namesIn(directory)) bytes += await sizeOf(directory, child)
    return bytes
  })
}

/** Copies a file, link or folder to a free name, on disk when it resolves; every file is read back and compared. */
export async function copyTree(from: Directory, name: string, to: Directory, newName: string): Promise<void> {
  const stats = await lstat(from.at(name))
  if (stats.isSymbolicLink()) return symlink(await readlink(from.at(name), { encoding: 'buffer' }), to.at(newName))
  if (stats.isFile()) return copyFile(from.at(name), to.at(newName), name)
  if (!stats.isDirectory()) throw notARegularFile(name)
  await mkdir(to.at(newName), 0o700)
  await inside(from, name, (source) =>
    inside(to, newName, async (target) => {
      for await (const child of namesIn(source)) await copyTree(source, child, target, child)
      await target.sync()
    }),
  )
  await withFolderHandle(to.at(newName), stats.mode)
}

async function withFolderHandle(at: SystemPath, mode: number): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(at, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  await handle.chmod(mode & 0o7777).finally(() => handle.close())
}

async function copyFile(from: SystemPath, to: SystemPath, shown: string): Promise<void> {
  await withFileAt(from, shown, async (source) => {
    const stats = await source.stat()
    const target = await open(to, CREATE, 0o600)
    try {
      const buffer = Buffer.allocUnsafe(CHUNK)
      for (let position = 0; ; ) {
        const { bytesRead } = await source.read(buffer, 0, buffer.length, position)
        if (bytesRead === 0) break
        await target.writeFile(buffer.subarray(0, bytesRead))
        position += bytesRead
      }
      await target.chmod(stats.mode & 0o7777)
      await target.utimes(stats.atime, stats.mtime)
      await target.sync()
    } finally {
      await target.close()
    }
    const [before, after] = [await hashFile(source), await withFileAt(to, shown, hashFile)]
    if (before !== after) throw new AppError('FILE_CHANGED', `${shown} changed while it was copied; it was left where it is`)
  })
}

/** Removes a file, link or folder; nothing that a link leads to. */
export async function removeTree(parent: Directory, name: string): Promise<void> {
  const stats = await lstat(parent.at(name))
  if (!stats.isDirectory()) return unlink(parent.at(name))
  await inside(parent, name, async (directory) => {
    const names: string[] = []
    for await (const child of namesIn(directory)) names.push(child)
    for (const child of names) await removeTree(directory, child)
  })
  await rmdir(parent.at(name))
}

async function* namesIn(directory: Directory): AsyncGenerator<string, void, void> {
  for await (const entry of await opendir(directory.self, { encoding: nameEncoding })) yield decodeName(entry.name)
}

async function inside<T>(parent: Directory, name: string, work: (directory: Directory) => Promise<T>): Promise<T> {
  const directory = await parent.enter(name)
  try {
    return await work(directory)
  } finally {
    await directory.close()
  }
}
