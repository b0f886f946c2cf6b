import type { InfiniteData, QueryKey } from '@tanstack/react-query'
import type { MemoryAnswer, MemoryItem } from '#contract/memory'
import type { QueryParts } from './query-parts'

type Parts = Pick<QueryParts, 'queryClient' | 'orpc'>

/** A list that has been scrolled far down is not read anew for one item more. */
const MAX_PAGES_READ_ANEW = 3

/** An item is another one now: where it stands it is shown as it is; lists that it came to or left are read anew. */
export function writeMemoryItem({ queryClient, orpc }: Parts, item: MemoryItem): void {
  queryClient.setQueryData(orpc.memory.get.queryKey({ input: { id: item.id } }), item)
  for (const [queryKey, data] of queryClient.getQueriesData<InfiniteData<MemoryAnswer>>({ queryKey: orpc.memory.query.key() })) {
    if (!data?.pages || isOfThen(queryKey)) continue
    const isIn = data.pages.some(({ items }) => items.some((hit) => hit.item.id === item.id))
    if (isIn) queryClient.setQueryData<InfiniteData<MemoryAnswer>>(queryKey, { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map((hit) => (hit.item.id === item.id ? { ...hit, item, snippet: [{ text: item.text.slice(0, 300), hit: false }] } : hit)) })) })
    const moves = !isIn || item.forgottenAt !== null || item.archived
    void queryClient.invalidateQueries({ queryKey, exact: true, refetchType: moves && data.pages.length <= MAX_PAGES_READ_ANEW ? 'active' : 'none' })
  }
  void queryClient.invalidateQueries({ queryKey: orpc.memory.history.key() })
  void queryClient.invalidateQueries({ queryKey: orpc.memory.moments.key(), refetchType: 'none' })
  void queryClient.invalidateQueries({ queryKey: orpc.knowledge.key() })
  void queryClient.invalidateQueries({ queryKey: orpc.memory.stats.key() })
}

/** A list of the memory as it was stays as it is. */
function isOfThen(queryKey: QueryKey): boolean {
  return queryKey.some((part) => typeof part === 'object' && part !== null && 'input' in part && typeof part.input === 'object' && part.input !== null && 'at' in part.input)
}

/** They were sent to a model: when they were used last, and how often, is another now. */
export function writeMemoryUse({ queryClient, orpc }: Parts, ids: readonly string[]): void {
  for (const id of ids) void queryClient.invalidateQueries({ queryKey: orpc.memory.get.queryKey({ input: { id } }), exact: true })
  void queryClient.invalidateQueries({ queryKey: orpc.memory.query.key(), refetchType: 'none' })
}

/** Erased, or many at once: everything of the memory that is shown is asked for again. */
export function reloadMemory({ queryClient, orpc }: Parts): void {
  void queryClient.invalidateQueries({ queryKey: orpc.memory.key() })
  void queryClient.invalidateQueries({ queryKey: orpc.knowledge.key() })
}

/** How far the vectors are. */
export function reloadVectors({ queryClient, orpc }: Parts): void {
  void queryClient.invalidateQueries({ queryKey: orpc.memory.vectors.key() })
  void queryClient.invalidateQueries({ queryKey: orpc.memory.stats.key() })
}
