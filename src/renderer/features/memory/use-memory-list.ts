import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { MemoryFilter, MemoryMode } from '#contract/memory'
import { useLater } from '../../lib/hooks'
import { useServices } from '../../lib/services'

export type MemorySort = 'updated' | 'created' | 'used' | 'importance'

/** What is looked for, as the person set it. */
export interface Looking {
  readonly q: string
  readonly mode: MemoryMode
  readonly filter: MemoryFilter
  readonly sort: MemorySort
  /** The moment that it is looked at; null: now. */
  readonly at: number | null
}

export const everything: Looking = { q: '', mode: 'hybrid', filter: {}, sort: 'updated', at: null }
const typedMs = 150
const pageSize = 200
const firstCursor: string | undefined = undefined

/** The items that fit, page by page; what was there stays in sight while others are looked for. */
export function useMemoryList() {
  const { orpc } = useServices()
  const [looking, setLooking] = useState(everything)
  const q = useLater(looking.q.trim(), typedMs)
  const filter = useLater(looking.filter, typedMs)
  const at = useLater(looking.at, typedMs)
  const list = useInfiniteQuery({
    ...orpc.memory.query.infiniteOptions({
      input: (cursor: string | undefined) => ({ ...filter, mode: looking.mode, sort: looking.sort, limit: pageSize, ...(q !== '' && { q }), ...(at !== null && { at }), ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: firstCursor,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
    placeholderData: (before) => before,
    // Far down, comparing all that is loaded with what was there takes longer than drawing it anew.
    structuralSharing: false,
  })
  const hits = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data])
  return { looking, setLooking, list, hits, q, filter, askedAt: at, note: list.data?.pages[0]?.note ?? null }
}

export function useMemoryStats() {
  const { orpc } = useServices()
  return useQuery(orpc.memory.stats.queryOptions({ input: {} }))
}
