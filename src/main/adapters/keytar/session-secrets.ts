import type { SecretStore } from '#core/ports/secret-store'

/** In memory only, for machines without a keychain that works: what is set is gone when Trestle stops. */
export function createSessionSecrets(): SecretStore {
  const values = new Map<string, string>()
  return {
    kind: 'session',
    get: (name) => Promise.resolve(values.get(name) ?? null),
    set: (name, value) => {
      values.set(name, value)
      return Promise.resolve()
    },
    remove: (name) => {
      values.delete(name)
      return Promise.resolve()
    },
  }
}
