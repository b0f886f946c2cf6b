import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { memo, type MouseEvent, type Ref, useCallback, useEffect, useEffectEvent, useImperativeHandle, useMemo, useState, useSyncExternalStore } from 'react'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { assertNever } from '../../lib/assert-never'
import { classNames } from '../../lib/class-names'
import { useServices } from '../../lib/services'
import type { Row } from './conversation'
import { type DisplayRow, displayRows, rowOfEntry } from './display-rows'
import { createLiveParts } from './live-parts'
import { Marker } from './markers'
import { type MessageActions, ReplyPart, UserMessage } from './messages'
import { RunBanner } from './run-banner'
import type { MessageSlots } from './slots'
import { ToolRow } from './tool-row'
import { useFollowEnd } from './use-follow-end'

export interface MessageListHandle {
  /** Goes to the newest and stays with it. */
  readonly follow: () => void
}

export interface MessageListProps {
  readonly ref?: Ref<MessageListHandle>
  readonly rows: readonly Row[]
  readonly older: { readonly has: boolean; readonly loading: boolean; readonly error: unknown; readonly load: () => void }
  readonly actions: MessageActions
  /** The entry to bring into sight; `onShown` once that is done, or cannot be. */
  readonly target: { readonly entryId: string; readonly onShown: () => void } | null
  readonly slots: MessageSlots
}

const farFromEnd = 96
/** So many rows before the oldest that is loaded, older ones are asked for. */
const loadAhead = 40

/** Only the rows in sight are in the page. Stays where the reader is; follows the end only from the end. */
export function MessageList({ ref, rows, older, actions, slots, target }: MessageListProps) {
  const { scroller, isFollowing, follow, leave, onScroll } = useFollowEnd()
  const [shownKey, setShownKey] = useState<string | null>(null)
  const shown = useDisplayRows(rows)
  const keys = useMemo(() => shown.map((row) => row.key), [shown])
  const list = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => keys[index] ?? index, [keys]),
    estimateSize: useCallback((index: number) => shown[index]?.height ?? 48, [shown]),
    overscan: 4,
    paddingStart: 16,
    paddingEnd: 16,
    scrollPaddingStart: 12,
    anchorTo: 'end',
    // The list corrects itself to the end exactly while the end is followed, not by how near it happens to be.
    scrollEndThreshold: isFollowing ? Number.POSITIVE_INFINITY : -1,
  })
  useImperativeHandle(ref, () => ({ follow }), [follow])
  useTarget({
    rows: shown, older, target,
    show: (index) => {
      leave()
      list.scrollToIndex(index, { align: 'start' })
      setShownKey(shown[index]?.key ?? null)
    },
  })
  // What a person opens grows below the place that was pressed, which must not scroll away.
  const onClickCapture = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest('summary, [aria-expanded]') !== null) leave()
  }

  const items = list.getVirtualItems()
  const firstIndex = items[0]?.index ?? 0
  const wantsOlder = firstIndex < loadAhead && older.has && !older.loading && older.error === null
  const { load } = older
  useEffect(() => {
    if (wantsOlder) load()
  }, [wantsOlder, load])

  return (
    <div className="group/list relative min-h-0 flex-1">
      <div ref={scroller} onScroll={onScroll} onClickCapture={onClickCapture} role="region" aria-label="Messages" tabIndex={0} className="h-full overflow-y-auto [overflow-anchor:none]">
        <div role="feed" aria-label="Conversation" aria-busy={older.loading} className="relative mx-auto w-full max-w-3xl" style={{ height: list.getTotalSize() }}>
          {items.map((item) => {
            const row = shown[item.index]
            return row === undefined ? null : (
              <article
                key={item.key}
                ref={list.measureElement}
                data-index={item.index}
                aria-label={nameOf(row)}
                aria-posinset={older.has ? -1 : item.index + 1}
                aria-setsize={older.has ? -1 : shown.length}
                aria-busy={row.row.kind === 'live' ? true : undefined}
                className={classNames('absolute top-0 left-0 w-full px-4 pb-2.5', shownKey === item.key && 'flash')}
                onAnimationEnd={() => setShownKey(null)}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <RowView shown={row} actions={actions} follow={follow} slots={slots} />
              </article>
            )
          })}
        </div>
      </div>
      {older.loading && <p role="status" className="absolute inset-x-0 top-2 mx-auto w-fit rounded-md bg-raised px-3 py-1 text-xs text-muted shadow-float">Loading older messages…</p>}
      {older.error !== null && <ErrorNote error={older.error} onRetry={older.load} className="absolute inset-x-0 top-2 mx-auto w-fit" />}
      {rows.length > 0 && !isFollowing && !list.isAtEnd(farFromEnd) && (
        <Button className="absolute inset-x-0 bottom-3 mx-auto w-fit rounded-full shadow-float group-has-[textarea:focus]/list:hidden" onClick={follow}>
          <ArrowDown aria-hidden className="size-4" />Jump to newest
        </Button>
      )}
    </div>
  )
}

/** The rows, and the reply that grows at their end. Only a new part of it makes a new list; its newest words do not. */
function useDisplayRows(rows: readonly Row[]): readonly DisplayRow[] {
  const { deltas } = useServices()
  const last = rows.at(-1)
  const liveStepId = last?.kind === 'live' ? last.step.id : null
  const live = useMemo(() => (liveStepId === null ? null : createLiveParts(deltas, liveStepId)), [deltas, liveStepId])
  const count = useSyncExternalStore(live?.subscribe ?? nothingComes, () => live?.parts().length ?? 0)
  return useMemo(() => displayRows(rows, live, count), [rows, live, count])
}

function nothingComes(): () => void {
  return () => {}
}

/** Loads older messages until the wanted one is there, and shows it. */
function useTarget({ rows, older, target, show }: Pick<MessageListProps, 'older' | 'target'> & { readonly rows: readonly DisplayRow[]; readonly show: (index: number) => void }): void {
  const search = useEffectEvent(() => {
    if (target === null) return
    const index = rowOfEntry(rows, target.entryId)
    if (index === -1 && older.has && older.error === null) {
      if (!older.loading) older.load()
      return
    }
    if (index !== -1) show(index)
    target.onShown()
  })
  const entryId = target?.entryId ?? null
  useEffect(() => search(), [entryId, rows, older.loading, older.error])
}

function nameOf({ row, ...shown }: DisplayRow): string {
  switch (row.kind) {
    case 'user': return 'You'
    case 'assistant':
    case 'live': return shown.kind === 'part' && shown.index > 0 ? `Agent, part ${shown.index + 1}` : 'Agent'
    case 'partial': return 'Agent, cut off'
    case 'tool': return `Call of ${row.call.name}`
    case 'marker': return 'Change'
    case 'request': return 'Question'
    case 'ended': return 'End of the turn'
    default: return assertNever(row)
  }
}

const RowView = memo(function RowView({ shown, actions, follow, slots }: Pick<MessageListProps, 'actions' | 'slots'> & { readonly shown: DisplayRow; readonly follow: () => void }) {
  if (shown.kind === 'part') return <ReplyPart shown={shown} actions={actions} />
  const { row } = shown
  switch (row.kind) {
    case 'user': return <UserMessage entry={row.entry} payload={row.payload} actions={actions} turnActions={row.entry.runId === null ? null : slots.renderTurnActions(row.entry.runId)} />
    case 'tool': return <ToolRow row={row} actions={actions} slots={slots} onAnswered={follow} />
    case 'marker': return <Marker payload={row.payload} />
    case 'request': return slots.renderRequest(row.request, follow)
    case 'ended': return <RunBanner run={row.run} onResumed={follow} />
    default: return assertNever(row)
  }
})
