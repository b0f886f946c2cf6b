import type { Provider } from '#contract/models'
import type { ProviderClients } from './provider-clients'
import type { ProviderSetup } from './provider-configs'
import type { KeyChange, NewKey } from './provider-keys'

/** What people do with keys. Each gives the provider as it is then. */
export interface KeyActions {
  /** Replaces the value of the kept key that is used by default, or keeps a first one. */
  setKey(providerId: string, key: string, traceId: string): Promise<Provider>
  removeKey(providerId: string, traceId: string): Promise<Provider>
  addKey(providerId: string, key: NewKey, traceId: string): Promise<Provider>
  changeKey(providerId: string, keyId: string, change: KeyChange, traceId: string): Promise<Provider>
  dropKey(providerId: string, keyId: string, traceId: string): Promise<Provider>
  chooseKey(providerId: string, workspaceId: string | null, keyId: string | null, traceId: string): Promise<Provider>
  /** Forgets the keys of providers that are not set up any more, or of all of them. */
  forgetKeys(which: 'of others' | 'all', traceId: string): Promise<void>
}

export function createKeyActions(clients: ProviderClients): KeyActions {
  const changed = async (providerId: string, change: (setup: ProviderSetup) => Promise<void>): Promise<Provider> => {
    const setup = clients.get(providerId)
    await change(setup)
    return clients.describe(setup)
  }
  return {
    setKey: (providerId, key, traceId) => changed(providerId, async (setup) => {
      const keyId = await clients.keys.kept(setup)
      await (keyId === null ? clients.keys.add(setup, { name: 'Key', key, standsIn: false }, traceId) : clients.keys.change(setup, keyId, { key }, traceId))
    }),
    removeKey: (providerId, traceId) => changed(providerId, async (setup) => {
      const keyId = await clients.keys.kept(setup)
      if (keyId !== null) await clients.keys.remove(setup, keyId, traceId)
    }),
    addKey: (providerId, key, traceId) => changed(providerId, (setup) => clients.keys.add(setup, key, traceId)),
    changeKey: (providerId, keyId, change, traceId) => changed(providerId, (setup) => clients.keys.change(setup, keyId, change, traceId)),
    dropKey: (providerId, keyId, traceId) => changed(providerId, (setup) => clients.keys.remove(setup, keyId, traceId)),
    chooseKey: (providerId, workspaceId, keyId, traceId) => changed(providerId, (setup) => clients.keys.choose(setup, workspaceId, keyId, traceId)),
    forgetKeys: async (which, traceId) => {
      // Those of earlier versions get their rows.
      if (which === 'all') await Promise.all(clients.all().map(clients.describe))
      const kept = which === 'all' ? [] : clients.all().map(({ id }) => id)
      clients.forgetOthers(kept)
      await clients.keys.removeOthers(kept, traceId)
    },
  }
}
