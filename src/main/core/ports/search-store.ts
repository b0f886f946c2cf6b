import type { SearchKind } from '#contract/search'
import type { SearchTerm } from '../search/query'

export interface FoundText {
  readonly sessionId: string
  /** Null: the title. */
  readonly entryId: string | null
  readonly kind: SearchKind
  readonly at: number
}

/**
 * The index of titles and entries. Titles are in it at once, entries when they are taken in: what agents write is not
 * held up by it.
 */
export interface SearchStore {
  /** Where all of the terms are; titles first, then newest first; sessions in the bin are left out. */
  find(terms: readonly SearchTerm[], query: { readonly workspaceId?: string | undefined; readonly sessionId?: string | undefined; readonly limit: number }): FoundText[]
  /** The next entries, at most so many. True when all are in. */
  takeIn(limit: number): boolean
  isComplete(): boolean
}
