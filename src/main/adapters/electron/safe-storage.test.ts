import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSafeStorage, type SafeStorage } from './safe-storage'

/** Reversible, and not the text itself: what a cipher is to the code under test. */
const flip = (text: string) => [...text].reverse().join('')
function fakeSafeStorage(overrides: Partial<SafeStorage> = {}): SafeStorage {
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    getSelectedStorageBackend: () => 'gnome_libsecret',
    encryptStringAsync: (text) => Promise.resolve(Buffer.from(flip(text))),
    decryptStringAsync: (encrypted) => Promise.resolve({ result: flip(encrypted.toString()), shouldReEncrypt: false }),
    ...overrides,
  }
}

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trestle-keys-'))
  path = join(folder, 'keys.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('keys in a file that the system helps to encrypt', () => {
  it('are found again, and are not readable in the file', async () => {
    const open = () => openSafeStorage({ safeStorage: fakeSafeStorage(), platform: 'linux', path })
    const secrets = await open()
    await Promise.all([secrets?.set('openai', 'sk-one'), secrets?.set('anthropic', 'sk-two'), secrets?.set('gone', 'x')])
    await secrets?.remove('gone')
    const again = await open()
    expect([again?.kind, await again?.get('openai'), await again?.get('anthropic'), await again?.get('gone')]).toEqual(['keychain', 'sk-one', 'sk-two', null])
    expect(await readFile(path, 'utf8')).not.toContain('sk-one')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['there is no encryption', 'darwin', { isAsyncEncryptionAvailable: () => Promise.resolve(false) }],
    ['asking for it fails', 'linux', { isAsyncEncryptionAvailable: () => Promise.reject(new Error('not ready')) }],
    ['the key would be in the program', 'linux', { getSelectedStorageBackend: () => 'basic_text' }],
    ['the backend is not known', 'linux', { getSelectedStorageBackend: () => 'unknown' }],
  ])('are refused where %s', async (_name, platform, overrides) => {
    expect(await openSafeStorage({ safeStorage: fakeSafeStorage(overrides), platform, path })).toBeNull()
  })

  it('are a clear error when the file is damaged, and are not lost by it', async () => {
    await writeFile(path, '{"openai":')
    const secrets = await openSafeStorage({ safeStorage: fakeSafeStorage(), platform: 'darwin', path })
    await expect(secrets?.get('openai')).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE' })
    await expect(secrets?.set('openai', 'x')).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE' })
    expect(await readFile(path, 'utf8')).toBe('{"openai":')
  })
})
