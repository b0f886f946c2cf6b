import type { AccessToken } from '#contract/access'

export interface AccessTokenStore {
  /** Oldest first. */
  list(): AccessToken[]
  insert(token: AccessToken, hash: string): void
  /** By the hash of its value. */
  find(hash: string): AccessToken | null
  /** False when there was none. */
  remove(id: string): boolean
  /** The number of those that are gone. */
  removeExpired(now: number): number
}
