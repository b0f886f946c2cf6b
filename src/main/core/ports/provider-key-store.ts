/** A key of a provider. Its value is with the secrets, under `secret`. */
export interface ProviderKeyRow {
  readonly id: string
  readonly provider: string
  readonly name: string
  readonly secret: string
  readonly standsIn: boolean
  readonly createdAt: number
}

export interface KeyChoice {
  readonly provider: string
  /** Null: by default. */
  readonly workspaceId: string | null
  readonly keyId: string
}

export interface ProviderKeyStore {
  /** In the order in which they were made; null: of all providers. */
  list(provider: string | null): ProviderKeyRow[]
  /** Nothing happens when its secret has a row already. */
  insert(row: ProviderKeyRow): void
  patch(id: string, patch: { readonly name?: string | undefined; readonly standsIn?: boolean | undefined }): void
  /** With the choices of it. */
  remove(id: string): void
  choices(provider: string): KeyChoice[]
  /** Null gives up the choice. */
  choose(provider: string, workspaceId: string | null, keyId: string | null): void
}
