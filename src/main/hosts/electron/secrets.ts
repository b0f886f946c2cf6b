import { safeStorage } from 'electron'
import { join } from 'node:path'
import type { SecretStore } from '#core/ports/secret-store'
import { openSafeStorage } from '../../adapters/electron'
import { createSessionSecrets, openKeychain } from '../../adapters/keytar'
import { profileIdOf } from '../shared/profile'

/** The system's keychain; else a file that is encrypted with a key from it; else memory. */
export async function openDesktopSecrets(profile: string): Promise<SecretStore> {
  const keychain = await openKeychain({ profileId: await profileIdOf(profile) })
  return keychain ?? (await openSafeStorage({ safeStorage, platform: process.platform, path: join(profile, 'keys.json') })) ?? createSessionSecrets()
}
