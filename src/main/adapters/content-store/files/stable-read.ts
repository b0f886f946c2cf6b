import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs'
import { type Directory, errnoOf, lstatOrNull } from '../../shared/directory'

const TRIES = 3
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

export type ReadResult =
  | { readonly kind: 'content'; readonly bytes: Buffer; readonly stats: Stats; /** False: it changed during every try. */ readonly stable: boolean }
  | { readonly kind: 'too_large'; readonly stats: Stats }
  | { readonly kind: 'unreadable'; readonly stats: Stats | null }
  | { readonly kind: 'gone' }

/** A whole file as it was at one moment: read again when it changed meanwhile. `room` gives the place for its bytes. */
export function readStable(directory: Directory, name: string, maxBytes: number, room: (size: number) => Buffer = Buffer.allocUnsafe): ReadResult {
  const path = directory.at(name)
  for (let attempt = 1; ; attempt += 1) {
    const result = readOnce(path, maxBytes, room)
    if (result.kind !== 'content' || result.stable || attempt === TRIES) return result
  }
}

function readOnce(path: string | Buffer, maxBytes: number, room: (size: number) => Buffer): ReadResult {
  let fd: number
  try {
    fd = openSync(path, READ)
  } catch (error) {
    const errno = errnoOf(error)
    return errno === 'ENOENT' || errno === 'ELOOP' ? { kind: 'gone' } : { kind: 'unreadable', stats: lstatOrNull(path) }
  }
  try {
    const before = fstatSync(fd)
    if (!before.isFile()) return { kind: 'gone' }
    if (before.size > maxBytes) return { kind: 'too_large', stats: before }
    const bytes = readAll(fd, room(before.size + 1), before.size, maxBytes)
    if (bytes === null) return { kind: 'too_large', stats: fstatSync(fd) }
    const after = fstatSync(fd)
    const stable = after.size === bytes.length && after.mtimeMs === before.mtimeMs && after.ctimeMs === before.ctimeMs
    return { kind: 'content', bytes, stats: after, stable }
  } catch {
    return { kind: 'unreadable', stats: lstatOrNull(path) }
  } finally {
    closeSync(fd)
  }
}

/** To its end, even where the size says something else (files of the system say 0). Null when it is longer than allowed. */
function readAll(fd: number, room: Buffer, size: number, maxBytes: number): Buffer | null {
  let buffer = room
  let length = 0
  for (;;) {
    if (length === buffer.length) {
      if (length > maxBytes) return null
      buffer = Buffer.concat([buffer, Buffer.allocUnsafe(Math.max(64 * 1024, buffer.length))])
    }
    const read = readSync(fd, buffer, length, buffer.length - length, null)
    length += read
    // There was room for one more, and the size is looked at again afterwards.
    if (read === 0 || (read === size && length === size)) return buffer.subarray(0, length)
  }
}

export function readLink(directory: Directory, name: string): Buffer | null {
  try {
    return readlinkSync(directory.at(name), { encoding: 'buffer' })
  } catch {
    return null
  }
}
