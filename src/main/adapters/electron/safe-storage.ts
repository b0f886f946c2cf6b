import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { AppError } from '#core/errors'
import type { SecretStore } from '#core/ports/secret-store'

/** What is used of Electron's `safeStorage`. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>
  getSelectedStorageBackend(): string
  encryptStringAsync(text: string): Promise<Buffer>
  decryptStringAsync(encrypted: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>
}

export interface SafeStorageOptions {
  readonly safeStorage: SafeStorage
  readonly platform: string
  /** Where the encrypted values are kept. */
  readonly path: string
}

/** Encrypted values in base64, by name. */
const FileSchema = z.record(z.string(), z.string())

/**
 * Values in a file, encrypted with a key from the system's keychain. Null where that would be no protection: no
 * keychain, or on Linux the backend `basic_text`, whose key is in the program.
 */
export async function openSafeStorage({ safeStorage, platform, path }: SafeStorageOptions): Promise<SecretStore | null> {
  if (!(await safeStorage.isAsyncEncryptionAvailable().catch(() => false))) return null
  if (platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) return null

  let last: Promise<unknown> = Promise.resolve()
  /** One after the other, so that two changes cannot lose one of them. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(() => asAppError(work))
    last = result.catch(() => {})
    return result
  }
  const set = async (name: string, value: string) => {
    const encrypted = await safeStorage.encryptStringAsync(value)
    await save(path, { ...(await load(path)), [name]: encrypted.toString('base64') })
  }
  return {
    kind: 'keychain',
    get: (name) =>
      inTurn(async () => {
        const stored = (await load(path))[name]
        if (stored === undefined) return null
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(stored, 'base64'))
        if (shouldReEncrypt) await set(name, result)
        return result
      }),
    set: (name, value) => inTurn(() => set(name, value)),
    remove: (name) =>
      inTurn(async () => {
        const { [name]: _removed, ...rest } = await load(path)
        await save(path, rest)
      }),
  }
}

async function load(path: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  return FileSchema.parse(JSON.parse(text))
}

async function save(path: string, values: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, JSON.stringify(values), { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
}

async function asAppError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new AppError('SECRETS_UNAVAILABLE', 'The stored keys could not be read or changed. Unlock the keychain of this system and try again, or set the key anew.', { cause })
  }
}
