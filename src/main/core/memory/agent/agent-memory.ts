import type { Knowledge } from '#contract/knowledge'
import type { MemoryDraftInput, MemoryHit, MemoryItem, MemoryKind, MemoryMode, MemoryPatch } from '#contract/memory'
import type { Statement } from '#contract/statements'
import type { GraphQuery } from '../../ports/memory-search'

/** Where an agent works: it sees what is the user's, this workspace's and this session's. */
export interface Place {
  readonly workspaceId: string | null
  readonly sessionId: string | null
}

export interface MemoryOrigin {
  readonly by: 'person' | 'agent' | 'system'
  /** In words, for the history of the item. */
  readonly cause: string
  readonly sessionId: string | null
  readonly runId: string | null
  readonly traceId: string
}

/** What agents can do with the memory. Whatever it tells may be sent to a provider. */
export interface AgentMemory {
  /** Best first, each with its score; without `q`, the most important ones. Nothing forgotten, archived, expired, of another place, or sensitive unless the settings allow it. By words and meaning, unless another mode is named. */
  search(query: { readonly q?: string; readonly place: Place; readonly kinds?: readonly MemoryKind[]; readonly mode?: MemoryMode; readonly limit: number }): Promise<readonly MemoryHit[]>
  /** Those of them that may still be told there, as they are now. */
  tellable(ids: readonly string[], place: Place): readonly MemoryItem[]
  /** Notes that they were sent to a model. */
  used(ids: readonly string[], at: number, by: { readonly sessionId: string; readonly runId: string }): void
  /**
   * Looks what there is of it; what is given back saves it, inside a transaction at hand. What is known is brought up to date; what was
   * forgotten is not learnt again: then null.
   */
  prepare(draft: MemoryDraftInput, origin: MemoryOrigin): Promise<() => { readonly item: MemoryItem; readonly isKnown: boolean } | null>
  /** Puts it up for review; false where the same is known, forgotten, or was put up before. */
  propose(draft: MemoryDraftInput, reason: string, origin: MemoryOrigin): boolean
  /** Other words for what is known. */
  rewrite(id: string, patch: Pick<MemoryPatch, 'text' | 'statements' | 'expiresAt' | 'tags'>, origin: MemoryOrigin): MemoryItem
  /** What is known of things there, by the same limits as `search`. */
  graph(query: Omit<GraphQuery, 'conditions'>, place: Place): Promise<Knowledge>
  /** The item that has a value of this attribute of this thing in this place and says nothing else. */
  factItem(statement: Statement, place: Pick<MemoryItem, 'scope' | 'workspaceId' | 'sessionId'>): MemoryItem | null
  forget(id: string, origin: MemoryOrigin): MemoryItem
}
