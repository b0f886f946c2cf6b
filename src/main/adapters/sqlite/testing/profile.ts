import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock, Logger } from '#core/ports/system'
import type { Migration } from '../migrate'
import { openStore, type OpenedStore } from '../open-store'

export interface Profile {
  readonly folder: string
  readonly path: string
  readonly backupFolder: string
  /** Closed with the profile when the test has not done it. */
  open(options?: { readonly migrations?: readonly Migration[] }): OpenedStore
  remove(): Promise<void>
}

/** A profile in a folder of its own. Notices get the ids `notice-1`, `notice-2`, … */
export function createProfile(clock: Clock): Profile {
  const folder = mkdtempSync(join(tmpdir(), 'trestle-store-'))
  const path = join(folder, 'trestle.db')
  const backupFolder = join(folder, 'backups')
  const opened: OpenedStore[] = []
  let notices = 0
  return {
    folder, path, backupFolder,
    open(options = {}) {
      const store = openStore({
        path, backupFolder, clock, newId: () => `notice-${(notices += 1)}`, logger: silentLogger, appVersion: '1.2.3', ...options,
      })
      opened.push(store)
      return store
    },
    async remove() {
      for (const store of opened) await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
