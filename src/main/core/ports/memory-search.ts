import type { Knowledge } from '#contract/knowledge'
import type { MemoryKind } from '#contract/memory'
import type { MemoryMoments } from '#contract/memory-moments'
import type { MemoryConditions, StoredMemory } from './memory-store'

/** A word that was asked for, and what of the words that occur stands for it. */
export interface CorrectedWord {
  readonly asked: string
  readonly found: readonly string[]
}

export interface FoundMemory {
  readonly position: number
  /** Higher is better: bm25 of words, cosine of vectors. */
  readonly score: number
}

export type MemorySort = 'updated' | 'created' | 'used' | 'importance'

export interface MemoryCounts {
  readonly active: number
  readonly archived: number
  readonly forgotten: number
  readonly pinned: number
  readonly sensitive: number
  readonly kinds: Readonly<Record<MemoryKind, number>>
  readonly tags: readonly { readonly tag: string; readonly count: number }[]
  readonly oldestAt: number | null
  readonly newestAt: number | null
}

export interface GraphTypesQuery {
  readonly conditions: MemoryConditions
  /** Set: of what the items were and said at that moment; `now` of the conditions is the same. */
  readonly at?: number | undefined
}

export interface GraphQuery extends GraphTypesQuery {
  readonly q?: string | undefined
  readonly type?: string | undefined
  readonly relation?: string | undefined
  /** An entity, by id or by any of its names. */
  readonly around?: string | undefined
  /** Relations away from what was asked for. */
  readonly depth: number
  readonly limit: number
}

export interface PastQuery {
  readonly conditions: MemoryConditions
  readonly words: readonly string[]
  readonly sort: MemorySort
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface GraphTypes {
  readonly entities: readonly { readonly type: string; readonly count: number }[]
  readonly relations: readonly { readonly type: string; readonly count: number }[]
}

export interface RowCount {
  readonly in: string
  readonly rows: number
}

export interface ErasedWords {
  readonly removed: readonly { readonly from: string; readonly rows: number }[]
  /** By asking. */
  readonly left: readonly RowCount[]
}

/**
 * Searches beside the work: nothing of it holds up the caller's thread. What was committed before the call is found; right after very
 * many changes a search waits 2 seconds for them at most. Conditions hold exactly; an item that expires at `now` is not found.
 */
export interface MemorySearch {
  /** Best first. `forgotten`: among those instead. */
  words(text: string, query: { readonly conditions: MemoryConditions; readonly limit: number; readonly forgotten?: boolean }): Promise<{ readonly found: readonly FoundMemory[]; readonly corrected: readonly CorrectedWord[] }>
  /** Best first, by the vectors of this model. `of`: how many there were to choose from. */
  nearest(vector: Float32Array, query: { readonly model: number; readonly conditions: MemoryConditions; readonly limit: number }): Promise<{ readonly found: readonly FoundMemory[]; readonly of: number }>
  /** The positions of a page, in the order of `sort`, highest first. */
  list(query: { readonly conditions: MemoryConditions; readonly sort: MemorySort; readonly cursor?: string | undefined; readonly limit: number }): Promise<{ readonly positions: readonly number[]; readonly nextCursor: string | null }>
  /**
   * The same of the memory as it was at a moment: conditions (`now` is the moment) are asked of what the items were then, and all `words`
   * are parts of what they said.
   */
  past(query: PastQuery): Promise<{ readonly positions: readonly number[]; readonly nextCursor: string | null }>
  /** At most `limit`, evenly chosen. */
  moments(limit: number): Promise<MemoryMoments>
  counts(now: number): Promise<MemoryCounts>
  /** How many have a vector of the model, of those that should; and how many do not since they are sensitive. */
  vectorCounts(model: number | null, sensitive: boolean): Promise<{ readonly done: number; readonly total: number; readonly withheld: number }>
  /** Active ones of a kind (null: of all) beyond the `keep` most important and most recently used; pinned ones are not among them. */
  beyond(query: { readonly kind: MemoryKind | null; readonly keep: number; readonly now: number; readonly limit: number }): Promise<readonly number[]>
  /** Active ones that were neither changed nor used since, below an importance (2: any); pinned ones are not among them. */
  unused(query: { readonly kind: MemoryKind | null; readonly since: number; readonly below: number; readonly now: number; readonly limit: number }): Promise<readonly number[]>
  /** What the items that fit say of things, and nothing else. */
  graph(query: GraphQuery): Promise<Knowledge>
  graphTypes(query: GraphTypesQuery): Promise<GraphTypes>
  /** Once they are erased: resolves when nothing of them is readable in the index of words. What went with them, and what is left. */
  erased(items: readonly StoredMemory[]): Promise<ErasedWords>
  /** These have other words, vectors, places or states now, or are gone. Called after the commit. */
  changed(positions: readonly number[]): void
  close(): Promise<void>
}
