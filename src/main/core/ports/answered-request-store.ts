/** A request that is done once, however often it comes: by its key, of one client and route. */
export interface RequestKey {
  readonly client: string
  readonly route: string
  readonly key: string
}

export type KnownRequest =
  | { readonly state: 'new' }
  /** Another body came with this key before. */
  | { readonly state: 'other' }
  /** It was begun; `owner`: by which life of the program. */
  | { readonly state: 'open'; readonly owner: string }
  /** `body`: as JSON; null: it was too long to be kept. */
  | { readonly state: 'answered'; readonly status: number; readonly body: string | null }

export interface AnsweredRequestStore {
  /** Takes the key in one step, unless it is known. Those from before `notBefore` are forgotten first. */
  claim(request: RequestKey & { readonly bodyHash: string; readonly owner: string; readonly at: number; readonly notBefore: number }): KnownRequest
  answer(request: RequestKey, status: number, body: string | null): void
  /** It may come again as if it never had. */
  release(request: RequestKey): void
}
