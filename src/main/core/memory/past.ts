import type { MemoryAnswer, MemoryFilter, MemoryHit, MemoryItem } from '#contract/memory'
import { MAX_MOMENTS, type MemoryMoments } from '#contract/memory-moments'
import { AppError } from '../errors'
import type { MemorySort } from '../ports/memory-search'
import type { MemoryPlace, StoredMemory } from '../ports/memory-store'
import { snippetOf } from '../search/snippet'
import { getItem, type MemoryPorts, present } from './change-item'
import { stateAtTime } from './history'

const MOST_WORDS = 12

export interface PastMemoryQuery {
  readonly at: number
  readonly q?: string | undefined
  readonly filter: MemoryFilter
  readonly place: MemoryPlace | null
  readonly sort: MemorySort
  readonly cursor?: string | undefined
  readonly limit: number
}

/** The memory as it was at a moment, read back from the revisions. What was erased was never there. */
export interface PastMemory {
  /** Throws AppError RESOURCE_NOT_FOUND for what was not there yet. */
  get(id: string, at: number): MemoryItem
  query(query: PastMemoryQuery): Promise<MemoryAnswer>
  moments(): Promise<MemoryMoments>
}

export function createPastMemory({ store, search }: Pick<MemoryPorts, 'store' | 'search'>): PastMemory {
  const then = (item: StoredMemory, at: number): MemoryItem | null => {
    const state = stateAtTime(store.memory, item, at)
    return state && { ...present(item), ...state.fields, revision: state.revision, updatedAt: state.updatedAt, lastUsedAt: usedBy(item, at) }
  }
  const usedBy = ({ lastUsedAt, position }: StoredMemory, at: number): number | null =>
    (lastUsedAt === null || lastUsedAt <= at ? lastUsedAt : store.memory.uses(position).find((use) => use.at <= at)?.at ?? null)

  return {
    get: (id, at) => {
      const item = then(getItem(store, id), at)
      if (!item) throw new AppError('RESOURCE_NOT_FOUND', 'This item was not there yet at that moment.')
      return item
    },
    query: async ({ at, q = '', filter, place, ...query }) => {
      const words = q.trim().split(/\s+/).filter((word) => word !== '').slice(0, MOST_WORDS)
      const { positions, nextCursor } = await search.past({ ...query, words, conditions: { filter, place, sensitive: true, now: at } })
      const items = store.memory.getMany(positions).flatMap((item) => then(item, at) ?? [])
      return {
        items: items.map((item): MemoryHit => ({ item, score: null, why: null, snippet: snippetOf(item.text, words.map((word) => ({ words: [word.toLowerCase()], prefix: true }))) })),
        nextCursor, mode: 'words', note: words.length === 0 ? null : 'What was remembered then is searched by parts of words.',
      }
    },
    moments: () => search.moments(MAX_MOMENTS),
  }
}
