/** Keys, by name. Values never leave the main process. Failures are AppError `SECRETS_UNAVAILABLE`. */
export interface SecretStore {
  /** `session` keeps values in memory only: this machine has no keychain that works. */
  readonly kind: 'keychain' | 'session'
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
  remove(name: string): Promise<void>
}
