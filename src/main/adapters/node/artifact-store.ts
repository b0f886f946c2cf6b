import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { open, readdir, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#core/errors'
import type { ArtifactStore, ArtifactWriter } from '#core/ports/artifact-store'
import { fileError } from './files/file-errors'
import { wholeCharacters } from './files/read-lines'

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/
const DEFAULT_MAX_BYTES = 50 * 1024 * 1024
const MOST_REMEMBERED = 1_000
/** A page holds at least one character. */
const SMALLEST_PAGE = 4

export interface ArtifactStoreOptions {
  readonly folder: string
  readonly maxBytes?: number
}

/** One file per output: `<folder>/<sessionId>/<id>.txt`. */
export function createArtifactStore({ folder, maxBytes = DEFAULT_MAX_BYTES }: ArtifactStoreOptions): ArtifactStore {
  const sessionOf = new Map<string, string>()
  const remember = (id: string, sessionId: string) => {
    if (sessionOf.size >= MOST_REMEMBERED) sessionOf.delete(sessionOf.keys().next().value ?? '')
    sessionOf.set(id, sessionId)
  }

  const findSession = async (id: string): Promise<string> => {
    const remembered = sessionOf.get(id)
    if (remembered !== undefined) return remembered
    for (const sessionId of ID.test(id) ? await readdir(folder).catch(() => []) : []) {
      const found = await stat(join(folder, sessionId, `${id}.txt`)).then((stats) => stats.isFile(), () => false)
      if (!found) continue
      remember(id, sessionId)
      return sessionId
    }
    throw notThere(id)
  }

  return {
    create: (sessionId, id) => {
      if (!ID.test(sessionId) || !ID.test(id)) throw new Error('an artifact needs ids of letters, digits, - and _')
      remember(id, sessionId)
      return createWriter(join(folder, sessionId), id, maxBytes)
    },
    read: async (id, offset, limit) => readPage(join(folder, await findSession(id), `${id}.txt`), id, offset, limit),
    removeSession: async (sessionId) => {
      if (!ID.test(sessionId)) return
      for (const [id, session] of sessionOf) if (session === sessionId) sessionOf.delete(id)
      await rm(join(folder, sessionId), { recursive: true, force: true })
    },
  }
}

function notThere(id: string): AppError {
  return new AppError('RESOURCE_NOT_FOUND', `Stored output ${id.slice(0, 64)} not found`)
}

/** A failed write does not stop the caller: it is told when the writer is closed. */
function createWriter(folder: string, id: string, maxBytes: number): ArtifactWriter {
  const path = join(folder, `${id}.txt`)
  let failure: unknown = null
  let bytes = 0
  let full = false
  const stream = openStream(folder, path, (error) => (failure ??= error))
  const finished = () =>
    new Promise<void>((resolve) => {
      if (!stream || stream.closed) return resolve()
      stream.once('close', resolve)
    })

  return {
    id,
    write: (text) => {
      if (full || failure !== null || !stream) return
      const chunk = Buffer.from(text, 'utf8')
      const taken = bytes + chunk.length > maxBytes ? wholeCharacters(chunk.subarray(0, maxBytes - bytes)) : chunk
      full = taken.length < chunk.length
      bytes += taken.length
      stream.write(taken)
    },
    close: async () => {
      stream?.end()
      await finished()
      if (failure !== null) throw fileError(failure, 'The stored output')
      return { bytes }
    },
    discard: async () => {
      stream?.destroy()
      await finished()
      await unlink(path).catch(() => undefined)
    },
  }
}

function openStream(folder: string, path: string, onError: (error: unknown) => void): WriteStream | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }).on('error', onError)
  } catch (error) {
    onError(error)
    return null
  }
}

async function readPage(path: string, id: string, offset: number, limit: number) {
  const handle = await open(path, 'r').catch(() => null)
  if (!handle) throw notThere(id)
  try {
    const { size } = await handle.stat()
    const buffer = Buffer.alloc(Math.min(Math.max(limit, SMALLEST_PAGE), Math.max(0, size - offset)))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset)
    const started = skipPartOfCharacter(buffer.subarray(0, bytesRead))
    const skipped = bytesRead - started.length
    const atEnd = offset + bytesRead >= size
    const page = atEnd ? started : wholeCharacters(started)
    return { text: page.toString('utf8'), bytes: size, nextOffset: atEnd ? null : offset + skipped + page.length }
  } finally {
    await handle.close()
  }
}

function skipPartOfCharacter(bytes: Buffer): Buffer {
  let start = 0
  while (start < bytes.length && start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1
  return bytes.subarray(start)
}
