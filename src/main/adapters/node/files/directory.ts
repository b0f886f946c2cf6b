import { constants, existsSync } from 'node:fs'
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { type SystemPath, systemPath } from '../../shared/names'

/**
 * A folder that is held open. Where the system can (Linux), names in it are reached through the open handle, so
 * that whatever is renamed or linked meanwhile, they stay names in this very folder; elsewhere through its path.
 */
export interface Directory {
  /** Path for calls on the folder itself. */
  readonly self: string
  /** Path for calls on a name in it. */
  at(name: string): SystemPath
  /** Opens a folder in it; ENOTDIR or ELOOP when the name is a link or no folder. */
  enter(name: string): Promise<Directory>
  /** Where it is now. */
  realPath(): Promise<string>
  /** Makes created, renamed and removed names durable. */
  sync(): Promise<void>
  close(): Promise<void>
}

const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0)

/** Whether names can be reached through handles here. */
export const canReachByHandle = process.platform === 'linux' && existsSync('/proc/self/fd')

export function openDirectory(path: string, byHandle: boolean): Promise<Directory> {
  return byHandle ? openByHandle(path) : openByPath(path)
}

async function openByHandle(path: SystemPath): Promise<Directory> {
  const handle = await open(path, FOLDER)
  const self = `/proc/self/fd/${handle.fd}`
  return {
    self,
    at: (name) => systemPath(self, name),
    enter: (name) => openByHandle(systemPath(self, name)),
    realPath: () => readlink(self),
    sync: () => syncFolder(handle),
    close: () => handle.close(),
  }
}

async function openByPath(path: string): Promise<Directory> {
  const windows = process.platform === 'win32'
  if (!windows) await open(path, FOLDER).then((handle) => handle.close())
  return {
    self: path,
    at: (name) => join(path, name),
    enter: (name) => openByPath(join(path, name)),
    realPath: () => realpath(path),
    sync: async () => {
      if (windows) return
      const handle = await open(path, FOLDER)
      await syncFolder(handle).finally(() => handle.close())
    },
    close: () => Promise.resolve(),
  }
}

/** Some network file systems cannot sync a folder; their servers do it themselves. */
async function syncFolder(handle: FileHandle): Promise<void> {
  try {
    await handle.sync()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP'))) throw error
  }
}
