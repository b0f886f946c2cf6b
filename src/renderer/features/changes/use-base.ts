import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Checkpoint } from '#contract/checkpoints'
import { useServices } from '../../lib/services'

export type Scope = 'turn' | 'session' | 'uncommitted'

/** The checkpoint that a scope compares with: before the newest turn that changed something, or the oldest that has its files. */
export function baseOf(newestFirst: readonly Checkpoint[], scope: Scope): Checkpoint | null {
  if (scope === 'uncommitted') return null
  const kept = newestFirst.filter(({ files }) => files === 'kept')
  if (scope === 'session') return kept.at(-1) ?? null
  const turn = kept.find(({ kind }) => kind === 'before_turn')
  return turn ?? null
}

export function useBase(sessionId: string, scope: Scope) {
  const { queries } = useServices()
  const checkpoints = useInfiniteQuery({ ...queries.checkpoints(sessionId), select: (data) => data.pages.flatMap((page) => page.items) })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = checkpoints
  const wantsMore = scope === 'session' && hasNextPage && !isFetchingNextPage
  useEffect(() => {
    if (wantsMore) void fetchNextPage()
  }, [wantsMore, fetchNextPage])
  const items = checkpoints.data ?? []
  return { base: wantsMore || isFetchingNextPage ? null : baseOf(items, scope), isPending: checkpoints.isPending || wantsMore, error: checkpoints.error, newest: items[0]?.id ?? '' }
}
