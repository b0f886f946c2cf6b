import { useQuery } from '@tanstack/react-query'
import { useServices } from '../../lib/services'
import { ErrorNote, Skeleton } from '../feedback'
import { MemoryCard } from './memory-card'

export interface RememberedItem {
  readonly id: string
  /** In words: why it was chosen. */
  readonly why?: string
  readonly score?: number | null
}

/** Items of the memory by their ids, as they are now, each to be corrected or forgotten in place. */
export function RememberedItems({ items, label = 'Remembered' }: { readonly items: readonly RememberedItem[]; readonly label?: string }) {
  if (items.length === 0) return null
  return (
    <ul aria-label={label} className="flex flex-col gap-1.5">
      {items.map((item) => <li key={item.id}><Remembered {...item} /></li>)}
    </ul>
  )
}

function Remembered({ id, why, score }: RememberedItem) {
  const { orpc } = useServices()
  const item = useQuery({ ...orpc.memory.get.queryOptions({ input: { id } }), retry: false })
  if (item.isPending) return <Skeleton rows={1} label="Loading what is remembered" />
  if (item.error !== null) return isGone(item.error) ? <p className="text-xs text-muted italic">This was erased for good.</p> : <ErrorNote error={item.error} onRetry={() => void item.refetch()} />
  return <MemoryCard item={item.data} {...(why !== undefined && { why })} score={score ?? null} />
}

function isGone(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'RESOURCE_NOT_FOUND'
}

