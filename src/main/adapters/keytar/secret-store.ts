import type { SecretStore } from '#core/ports/secret-store'
import { openKeychain, type KeychainOptions } from './keychain'
import { createSessionSecrets } from './session-secrets'

/** The keychain of the system; where there is none, keys are kept in memory. Never throws. */
export async function createSecretStore(options: KeychainOptions): Promise<SecretStore> {
  return (await openKeychain(options)) ?? createSessionSecrets()
}

/**
 * Opens the store on first use, since that loads native libraries and may ask the system's keychain service. Until
 * then `kind` is `likelyKind`.
 */
export function createLazySecrets({ open, likelyKind }: {
  readonly open: () => Promise<SecretStore>
  readonly likelyKind: SecretStore['kind']
}): SecretStore {
  let opening: Promise<SecretStore> | null = null
  let kind = likelyKind
  const opened = () => {
    opening ??= open().then((store) => {
      kind = store.kind
      return store
    })
    return opening
  }
  return {
    get kind() {
      return kind
    },
    get: async (name) => (await opened()).get(name),
    set: async (name, value) => (await opened()).set(name, value),
    remove: async (name) => (await opened()).remove(name),
  }
}

/** A guess that costs nothing: on Linux a keychain needs a session bus. */
export function likelySecretsKind(platform: string, environment: Readonly<Record<string, string | undefined>>): SecretStore['kind'] {
  return platform !== 'linux' || environment['DBUS_SESSION_BUS_ADDRESS'] ? 'keychain' : 'session'
}
