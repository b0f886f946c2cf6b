import { closeSync, constants, existsSync, lstatSync, openSync, readdirSync, type Stats } from 'node:fs'
import { decodeName, nameEncoding, systemPath } from './names'

/**
 * A folder that is held open. On Linux its names are reached through the handle, so that whatever is renamed or linked
 * meanwhile they stay names in this very folder; elsewhere through its path. No link is ever followed.
 */
export interface Directory {
  /** For the folder itself. */
  readonly self: string | Buffer
  at(name: string): string | Buffer
  /** ENOTDIR or ELOOP when the name is a link or no folder. */
  enter(name: string): Directory
  names(): DirectoryName[]
  sync(): number | null
  close(): void
}

export interface DirectoryName {
  readonly name: string
  readonly kind: 'file' | 'directory' | 'link' | 'special'
}

const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0)
const byHandle = process.platform === 'linux' && existsSync('/proc/self/fd')

export function openDirectory(path: string | Buffer): Directory {
  const fd = process.platform === 'win32' ? null : openSync(path, FOLDER)
  const self = byHandle && fd !== null ? `/proc/self/fd/${fd}` : path
  const at = (name: string) => (typeof self === 'string' ? systemPath(self, name) : Buffer.concat([self, Buffer.from('/'), Buffer.from(systemPath('', name)).subarray(1)]))
  return {
    self,
    at,
    enter: (name) => {
      if (fd === null && !lstatSync(at(name)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
      return openDirectory(at(name))
    },
    names: () => readdirSync(self, { withFileTypes: true, encoding: nameEncoding }).map((entry) => ({
      name: decodeName(entry.name),
      kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : 'special',
    })),
    sync: () => fd,
    close: () => {
      if (fd !== null) closeSync(fd)
    },
  }
}

export function lstatOrNull(path: string | Buffer): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null
}

export function errnoOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
