import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { PinOff } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Pin } from '#contract/storage'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'

/** Checkpoints that pruning never takes, of all sessions; each can be let go. */
export function StoragePins() {
  const { queries } = useServices()
  const pins = useInfiniteQuery({ ...queries.pins(), select: ({ pages }) => pages.flatMap((page) => page.items) })
  const { released, error, unpin, pinAgain } = usePinning()
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pins
  return (
    <section aria-labelledby="storage-pins">
      <h3 id="storage-pins" className="mb-1 text-sm font-semibold">Pinned checkpoints</h3>
      {pins.isPending && <Skeleton rows={2} label="Loading the pins" />}
      {pins.error !== null && <ErrorNote error={pins.error} onRetry={() => void pins.refetch()} />}
      {pins.data?.length === 0 && <p className="text-xs text-muted">Nothing is pinned. A checkpoint that you save yourself is; others can be pinned in the timeline.</p>}
      {pins.data !== undefined && pins.data.length > 0 && (
        <PinList pins={pins.data} onUnpin={unpin} more={{ has: hasNextPage && !isFetchingNextPage && !isFetchNextPageError, load: () => void fetchNextPage() }} />
      )}
      {error !== null && <ErrorNote error={error} className="mt-1" />}
      <div role="status">
        {released !== null && (
          <p className="mt-1 flex items-center gap-2 text-xs">
            “{released.title}” is not pinned any more. <Button small onClick={() => pinAgain(released)}>Pin again<span className="sr-only"> {released.title}</span></Button>
          </p>
        )}
      </div>
    </section>
  )
}

function PinList({ pins, onUnpin, more }: { readonly pins: readonly Pin[]; readonly onUnpin: (pin: Pin) => void; readonly more: { readonly has: boolean; readonly load: () => void } }) {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: pins.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => pins[index]?.id ?? index,
    estimateSize: () => 44,
    overscan: 8,
  })
  const rows = list.getVirtualItems()
  const wantsMore = more.has && (rows.at(-1)?.index ?? 0) >= pins.length - 8
  const { load } = more
  useEffect(() => {
    if (wantsMore) load()
  }, [wantsMore, load])
  return (
    <div ref={scroller} className="max-h-64 overflow-y-auto rounded-md border border-line">
      <ul aria-label="Pinned checkpoints" className="relative" style={{ height: list.getTotalSize() }}>
        {rows.map((row) => {
          const pin = pins[row.index]
          return pin === undefined ? null : (
            <li key={row.key} ref={list.measureElement} data-index={row.index} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${row.start}px)` }}>
              <PinRow pin={pin} onUnpin={onUnpin} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function PinRow({ pin, onUnpin }: { readonly pin: Pin; readonly onUnpin: (pin: Pin) => void }) {
  return (
    <div className="flex items-center gap-2 border-b border-line/60 px-3 py-1.5 text-xs">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{pin.title}</p>
        <p className="truncate text-muted">
          {[formatTime(pin.at), pin.sessionTitle, pin.workspaceName ?? 'no folder', ...(pin.files === 'pruned' ? ['files pruned'] : [])].join(' · ')}
        </p>
      </div>
      <Button small onClick={() => onUnpin(pin)}><PinOff aria-hidden className="size-3.5" />Unpin<span className="sr-only"> {pin.title}</span></Button>
    </div>
  )
}

/** The last one that was let go can be pinned again, here: a message in the corner would lie under the dialog. */
function usePinning() {
  const { orpc, queries } = useServices()
  const client = useQueryClient()
  const [released, setReleased] = useState<Pin | null>(null)
  const patch = useMutation(orpc.checkpoints.patch.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: () => Promise.all([queries.pins(), queries.storage()].map(({ queryKey }) => client.invalidateQueries({ queryKey, exact: true }))),
  }))
  return {
    released, error: patch.error,
    unpin: (pin: Pin): void => patch.mutate({ id: pin.id, pinned: false }, { onSuccess: () => setReleased(pin) }),
    pinAgain: (pin: Pin): void => patch.mutate({ id: pin.id, pinned: true }, { onSuccess: () => setReleased(null) }),
  }
}
