import type { MemoryFilter, MemoryItem, MemoryReview, MemoryRevision, MemoryUse } from '#contract/memory'
import type { Page } from './page'

/** `position`: what the indexes know it by. */
export interface StoredMemory extends MemoryItem {
  readonly position: number
}

/** What of an item a revision can change. */
export const memoryFields = [
  'kind', 'title', 'text', 'solution', 'statements', 'tags', 'scope', 'workspaceId', 'sessionId', 'importance', 'sensitivity', 'trust', 'expiresAt', 'pinned', 'archived', 'forgottenAt',
] as const satisfies readonly (keyof MemoryItem)[]
export type MemoryFields = Pick<MemoryItem, (typeof memoryFields)[number]>

/** `before`: the changed fields as they were; the values of now are in the item or in the next revision. */
export interface StoredRevision extends Omit<MemoryRevision, 'changes'> {
  readonly before: Partial<MemoryFields>
}

/** What an agent at work there sees: of the user, of this workspace, of this session. */
export interface MemoryPlace {
  readonly workspaceId: string | null
  readonly sessionId: string | null
}

export interface MemoryConditions {
  readonly filter: MemoryFilter
  readonly place: MemoryPlace | null
  /** False: sensitive ones are left out. */
  readonly sensitive: boolean
  readonly now: number
}

/** The items with their revisions, and what the index of words has yet to learn of them. */
export interface MemoryStore {
  /** In its revision 1. */
  insert(item: MemoryItem, hash: number): StoredMemory
  get(id: string): StoredMemory | null
  /** Those that are there, in the order of `positions`. */
  getMany(positions: readonly number[]): StoredMemory[]
  /** Writes all of `after` but its use, and the revision that leads to it. */
  change(before: StoredMemory, after: MemoryItem, hash: number, revision: StoredRevision): void
  /** Recorded beside `insert`, for what did not simply come new. */
  addRevision(position: number, revision: StoredRevision): void
  /** Newest first; those stored, which begin with 2 for most items. */
  revisions(position: number, query: { readonly before: number; readonly limit: number }): StoredRevision[]
  findByHash(hash: number): StoredMemory[]
  /** Those that count in this session alone, forgotten ones too. */
  ofSession(sessionId: string): StoredMemory[]
  /** Items that state something of this attribute of a thing, by their keys (core/memory/graph/keys.ts), at most 20. */
  findByFact(entityKey: string, attributeKey: string): StoredMemory[]
  /** In order of position, of at most `span` positions; `next` null at the end. */
  walk(after: number, span: number): { readonly items: StoredMemory[]; readonly next: number | null }
  /** The index of words has taken over all changes up to this number. */
  wordsTaken(seq: number): void
  /** Whether something that was erased may be left: in the index of words, or since `scrub` was interrupted. */
  hasErasedWords(): boolean
  /** Not a revision: use is no change. */
  use(ids: readonly string[], at: number, by?: Omit<MemoryUse, 'at'>): void
  /** Newest first, at most 20. */
  uses(position: number): MemoryUse[]
  /** The positions of what was changed, made or forgotten after a moment, of at most `span` positions; `next` null at the end. */
  changedAfter(at: number, query: { readonly after: number; readonly span: number }): { readonly positions: readonly number[]; readonly next: number | null }
  /** The positions of what one of these sessions made, changed or forgot after a moment, by when they were changed last, at most `limit`. Looks only at what was changed since. */
  changedBy(sessionIds: readonly string[], at: number, limit: number): readonly number[]
  /** Removes them with all that is theirs, and says what. */
  erase(ids: readonly string[]): { readonly removed: readonly { readonly from: string; readonly rows: number }[] }
  /** What is left of items that were erased, by asking every table. */
  leftOf(items: readonly StoredMemory[]): readonly { readonly in: string; readonly rows: number }[]
  /** Overwrites what is left of what was removed, and taken out of the index of words, about a megabyte of it. Whether there is more to do. */
  scrub(): boolean
}

export interface MemoryVectorStore {
  /** The number of a model; made when it is new. Throws AppError CONFLICT when it has another dimension by now. */
  model(name: string, dimension: number): number
  known(name: string): { readonly id: number; readonly dimension: number } | null
  /** Those of items that are forgotten or gone are left out. */
  put(model: number, vectors: readonly { readonly position: number; readonly vector: Float32Array }[]): void
  /** Null: it has none of this model. */
  get(model: number, position: number): Float32Array | null
  /** Items without a vector of this model, of the next `span` positions. */
  missing(model: number | null, query: { readonly after: number; readonly span: number; readonly sensitive: boolean }): { readonly items: StoredMemory[]; readonly next: number | null }
  /** Removes the vectors of other models from the next `span` positions. Where to go on; null at the end. */
  removeOthers(model: number | null, query: { readonly after: number; readonly span: number }): number | null
}

export interface StoredReview extends Omit<MemoryReview, 'items'> {
  /** The same matter is put up once. */
  readonly key: string
  readonly itemIds: readonly string[]
}

export interface MemoryReviewStore {
  /** False: the matter was put up before, whatever was decided. */
  add(review: StoredReview): boolean
  get(id: string): StoredReview | null
  list(state: MemoryReview['state'], query: { readonly cursor?: string | undefined; readonly limit: number }): Page<StoredReview>
  /** `made`: the item that came of it. */
  decide(id: string, state: 'accepted' | 'rejected', at: number, made?: string): void
  countOpen(): number
  /** Everything that names one of these items, or proposes one of these texts. */
  removeAbout(ids: readonly string[], texts: readonly string[]): number
  /** Items that were proposed for this session alone. */
  removeOfSession(sessionId: string): number
}
