import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobStore } from '#core/ports/blob-store'
import { fileError } from './files/file-errors'

const HASH = /^[\da-f]{64}$/

/** One file per content: `<folder>/<first two digits>/<hash>`. */
export function createBlobStore({ folder }: { readonly folder: string }): BlobStore {
  const pathOf = (hash: string) => join(folder, hash.slice(0, 2), hash)
  return {
    put: async (bytes) => {
      const hash = createHash('sha256').update(bytes).digest('hex')
      const path = pathOf(hash)
      const known = await stat(path).catch(() => null)
      if (known?.isFile() && known.size === bytes.length) return hash
      try {
        await write(join(folder, hash.slice(0, 2)), path, bytes)
      } catch (error) {
        throw fileError(error, 'The attachment')
      }
      return hash
    },
    read: async (hash) => {
      const bytes = HASH.test(hash) ? await readFile(pathOf(hash)).catch(() => null) : null
      return bytes && createHash('sha256').update(bytes).digest('hex') === hash ? bytes : null
    },
    remove: async (hash) => {
      if (HASH.test(hash)) await unlink(pathOf(hash)).catch(() => undefined)
    },
  }
}

/** Whole or not at all. */
async function write(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomUUID()}.tmp`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } catch (error) {
    await handle.close()
    await unlink(temporary).catch(() => undefined)
    throw error
  }
  await handle.close()
  await rename(temporary, path)
}
