import type { MemoryMode } from '#contract/memory'
import type { MemoryConditions } from '../ports/memory-store'
import type { MemoryPorts } from './change-item'
import type { Embeddings } from './embeddings'
import { evenWeights, fuse, type Lists, type ListWeights, rank, type RankedMemory } from './fuse'

/** Of each list so many are fused. */
const LEAST_DEPTH = 50

export interface Retrieval {
  readonly hits: readonly RankedMemory[]
  /** How it was searched in fact. */
  readonly mode: MemoryMode
  readonly note: string | null
}

export interface RetrievalQuery {
  readonly text: string
  readonly mode: MemoryMode
  readonly conditions: MemoryConditions
  readonly limit: number
}

export type Retrieve = (query: RetrievalQuery) => Promise<Retrieval>

export function createRetriever({ store, search }: Pick<MemoryPorts, 'store' | 'search'>, embeddings: Pick<Embeddings, 'query'>, weights: ListWeights = evenWeights): Retrieve {
  return async ({ text, mode, conditions, limit }) => {
    const depth = Math.max(LEAST_DEPTH, limit)
    const asWords = () => search.words(text, { conditions, limit: depth })
    const asked = mode === 'words' ? Promise.resolve({ vector: null, note: null }) : embeddings.query(text)
    // Words are searched while the model is asked; with meaning alone only where it has no answer.
    const early = mode === 'meaning' ? null : asWords()
    early?.catch(() => undefined)
    const { vector, note } = await asked
    const near = vector === null ? null : search.nearest(vector.numbers, { model: vector.model, conditions, limit: depth })
    near?.catch(() => undefined)
    const words = vector !== null && mode === 'meaning' ? { found: [], corrected: [] } : await (early ?? asWords())
    const meaning = near === null ? [] : (await near).found
    const lists: Lists = { words: words.found, meaning, corrected: words.corrected }
    const fused = fuse(lists, weights)
    // A forgotten or expired one may have become so since it was found.
    const items = store.memory.getMany(fused.slice(0, depth).map(({ position }) => position))
      .filter((item) => conditions.filter.state !== undefined || (item.forgottenAt === null && !item.archived && (item.expiresAt === null || item.expiresAt > conditions.now)))
    return { hits: rank(fused, items, lists, conditions.now).slice(0, limit), mode: vector === null ? 'words' : mode, note }
  }
}
