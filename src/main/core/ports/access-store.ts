import type { AccessToken } from '#contract/access'

/** As it is kept. */
export type AccessTokenRow = Omit<AccessToken, 'usedAt'>

export interface AccessTokenStore {
  /** Oldest first. */
  list(): AccessTokenRow[]
  insert(token: AccessTokenRow, hash: string): void
  /** By the hash of its value. */
  find(hash: string): AccessTokenRow | null
  /** False when there was none. */
  remove(id: string): boolean
  /** Those that are gone. */
  removeExpired(now: number): AccessTokenRow[]
}
