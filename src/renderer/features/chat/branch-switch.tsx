import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { IconButton } from '../../components/button'
import { useServices } from '../../lib/services'

/** ‹ 2/3 › at a message: the other ways on from what came before it. */
export function BranchSwitch({ sessionId, entryId }: { readonly sessionId: string; readonly entryId: string }) {
  const { orpc, queries, cache } = useServices()
  const heads = useQuery({ ...queries.session(sessionId), select: (session) => session.heads }).data ?? []
  // Only a new head, or the first message on one, makes another way.
  const version = heads.map((head) => `${head.id} ${head.entryId ?? ''}`).join()
  const forks = orpc.sessions.forks.queryOptions({ input: { id: sessionId } })
  const ways = useQuery({
    ...forks, queryKey: [...forks.queryKey, version], enabled: heads.length > 1, placeholderData: keepPreviousData,
    select: ({ items }) => items.find(({ variants }) => variants.some((variant) => variant.entryId === entryId))?.variants ?? null,
  }).data
  const switchTo = useMutation(orpc.sessions.patch.mutationOptions({ onSuccess: (session) => cache.session(session) }))
  if (!ways || heads.length < 2) return null
  const at = ways.findIndex((way) => way.entryId === entryId)
  const go = (step: 1 | -1): void => {
    const way = ways[at + step]
    if (way !== undefined) switchTo.mutate({ id: sessionId, activeHeadId: way.headId })
  }
  return (
    <div role="group" aria-label={`Version ${at + 1} of ${ways.length}`} className="flex items-center text-xs text-muted">
      <IconButton label="Previous version" icon={<ChevronLeft />} disabled={at <= 0 || switchTo.isPending} onClick={() => go(-1)} />
      <span className="tabular-nums" aria-hidden>{at + 1}/{ways.length}</span>
      <IconButton label="Next version" icon={<ChevronRight />} disabled={at >= ways.length - 1 || switchTo.isPending} onClick={() => go(1)} />
    </div>
  )
}
