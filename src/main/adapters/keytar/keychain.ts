import { AppError } from '#core/errors'
import type { SecretStore } from '#core/ports/secret-store'

/** What is used of keytar. */
export interface Keychain {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
}

export interface KeychainOptions {
  /** Keeps the keys of one profile apart from those of others. */
  readonly profileId: string
  /** Loads the native module; throws where its libraries are missing. */
  readonly load?: () => Promise<Keychain>
  /** A locked keychain may wait for a person; a start may not. */
  readonly probeTimeoutMs?: number
}

const SERVICE = 'Trestle'
const PROBE = 'probe'

/** Null when this machine has no keychain that answers. */
export async function openKeychain({ profileId, load = loadKeytar, probeTimeoutMs = 3000 }: KeychainOptions): Promise<SecretStore | null> {
  const account = (name: string) => `${profileId}/${name}`
  try {
    const keychain = await load()
    await within(keychain.getPassword(SERVICE, account(PROBE)), probeTimeoutMs)
    return storeOver(keychain, account)
  } catch {
    return null
  }
}

function storeOver(keychain: Keychain, account: (name: string) => string): SecretStore {
  return {
    kind: 'keychain',
    get: (name) => asAppError(keychain.getPassword(SERVICE, account(name))),
    set: (name, value) => asAppError(keychain.setPassword(SERVICE, account(name), value)),
    remove: async (name) => {
      await asAppError(keychain.deletePassword(SERVICE, account(name)))
    },
  }
}

async function loadKeytar(): Promise<Keychain> {
  const module = await import('keytar')
  return module.default
}

async function asAppError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new AppError('SECRETS_UNAVAILABLE', 'The keychain of this system did not answer. Unlock it and try again.', { cause })
  }
}

function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
