import { describe, expect, it } from 'vitest'
import type { Keychain } from './keychain'
import { createLazySecrets, createSecretStore, likelySecretsKind } from './secret-store'
import { createSessionSecrets } from './session-secrets'

function memoryKeychain(): Keychain & { readonly values: Map<string, string> } {
  const values = new Map<string, string>()
  const key = (service: string, account: string) => `${service}:${account}`
  return {
    values,
    getPassword: (service, account) => Promise.resolve(values.get(key(service, account)) ?? null),
    setPassword: async (service, account, password) => void values.set(key(service, account), password),
    deletePassword: (service, account) => Promise.resolve(values.delete(key(service, account))),
  }
}

describe('the store of secrets', () => {
  it('keeps the keys of each profile apart in the keychain', async () => {
    const keychain = memoryKeychain()
    const load = () => Promise.resolve(keychain)
    const first = await createSecretStore({ profileId: 'one', load })
    const second = await createSecretStore({ profileId: 'two', load })
    await first.set('openai', 'key-1')
    expect([first.kind, await first.get('openai'), await second.get('openai')]).toEqual(['keychain', 'key-1', null])
    expect([...keychain.values]).toEqual([['Trestle:one/openai', 'key-1']])
    await first.remove('openai')
    await first.remove('openai')
    expect(await first.get('openai')).toBeNull()
  })

  it.each([
    ['cannot be loaded', () => Promise.reject(new Error('libsecret-1.so.0: cannot open shared object file'))],
    ['does not answer', () => Promise.resolve({ ...memoryKeychain(), getPassword: () => Promise.reject(new Error('no session bus')) })],
    ['waits for a person', () => Promise.resolve({ ...memoryKeychain(), getPassword: () => new Promise<never>(() => {}) })],
  ])('is in memory where the keychain %s', async (_name, load) => {
    const secrets = await createSecretStore({ profileId: 'one', load, probeTimeoutMs: 20 })
    expect(secrets.kind).toBe('session')
    await secrets.set('openai', 'key-1')
    expect(await secrets.get('openai')).toBe('key-1')
    await secrets.remove('openai')
    expect(await secrets.get('openai')).toBeNull()
  })

  it('tells when the keychain fails later', async () => {
    const keychain = memoryKeychain()
    const secrets = await createSecretStore({ profileId: 'one', load: () => Promise.resolve(keychain) })
    keychain.setPassword = () => Promise.reject(new Error('locked'))
    await expect(secrets.set('openai', 'key-1')).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE' })
  })
})

describe('secrets that open late', () => {
  it('open once, on first use, and then know their kind', async () => {
    let opened = 0
    const secrets = createLazySecrets({
      likelyKind: 'keychain',
      open: () => {
        opened += 1
        return Promise.resolve(createSessionSecrets())
      },
    })
    expect([secrets.kind, opened]).toEqual(['keychain', 0])
    await Promise.all([secrets.get('a'), secrets.set('b', '1')])
    expect([secrets.kind, opened, await secrets.get('b')]).toEqual(['session', 1, '1'])
  })

  it('are probably in the keychain unless Linux has no session bus', () => {
    expect([likelySecretsKind('darwin', {}), likelySecretsKind('linux', {}), likelySecretsKind('linux', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' })]).toEqual(['keychain', 'session', 'keychain'])
  })
})
