import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '#core/errors'
import type { TextFile } from '#core/ports/workspace-files'
import type { SystemPath } from '../../shared/names'
import { isAFolder, notARegularFile } from './file-errors'
import type { Place } from './locate'

const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const CHUNK = 256 * 1024
/** Where a NUL byte tells a binary file, as git looks for it. */
export const BINARY_PROBE = 8_000

/** Never waits: pipes, sockets and devices are refused, whatever the path becomes meanwhile. */
export async function withFile<T>(place: Place, work: (handle: FileHandle, bytes: number) => Promise<T>): Promise<T> {
  if (place.kind === 'missing') throw new AppError('RESOURCE_NOT_FOUND', `${place.path} not found`)
  if (place.kind === 'directory') throw isAFolder(place.path)
  if (place.kind !== 'file') throw notARegularFile(place.path)
  return withFileAt(place.directory.at(place.names[0] ?? ''), place.path, work)
}

export async function withFileAt<T>(at: SystemPath, shown: string, work: (handle: FileHandle, bytes: number) => Promise<T>): Promise<T> {
  const handle = await open(at, READ)
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw notARegularFile(shown)
    return await work(handle, stats.size)
  } finally {
    await handle.close()
  }
}

export function readText(place: Place, maxBytes: number): Promise<TextFile> {
  return withFile(place, async (handle, size) => {
    if (size > maxBytes) throw tooLarge(place.path, size, maxBytes)
    const bytes = await readUpTo(handle, maxBytes + 1)
    if (bytes.length > maxBytes) throw tooLarge(place.path, bytes.length, maxBytes)
    return { text: decodeText(bytes, place.path), bytes: bytes.length, hash: createHash('sha256').update(bytes).digest('hex') }
  })
}

async function readUpTo(handle: FileHandle, limit: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let total = 0
  while (total < limit) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, limit - total))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, total)
    if (bytesRead === 0) break
    parts.push(buffer.subarray(0, bytesRead))
    total += bytesRead
  }
  return Buffer.concat(parts, total)
}

/** SHA-256 in hex, of a file of any size. */
export async function hashFile(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(CHUNK)
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    position += bytesRead
  }
}

export async function hashPlace(place: Place): Promise<string | null> {
  if (place.kind === 'missing') return null
  if (place.kind === 'directory') return 'directory'
  return withFile(place, hashFile)
}

/** A byte order mark and line ends stay as they are. */
export function decodeText(bytes: Uint8Array, path: string): string {
  if (bytes.subarray(0, BINARY_PROBE).includes(0)) throw binary(path)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw binary(path)
  }
}

export function binary(path: string): AppError {
  return new AppError('FILE_BINARY', `${path} is not a text file (binary, or not UTF-8)`)
}

function tooLarge(path: string, bytes: number, maxBytes: number): AppError {
  return new AppError('FILE_TOO_LARGE', `${path} has ${bytes} bytes; the limit is ${maxBytes}. Read it in parts`, { data: { bytes, maxBytes } })
}
