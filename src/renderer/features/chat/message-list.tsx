import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { type MouseEvent, type Ref, useEffect, useEffectEvent, useImperativeHandle, useState } from 'react'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { assertNever } from '../../lib/assert-never'
import { classNames } from '../../lib/class-names'
import { type Row, rowOfEntry } from './conversation'
import { Marker } from './markers'
import { AssistantMessage, LiveMessage, type MessageActions, PartialMessage, UserMessage } from './messages'
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

/** Only the rows in sight are in the page. Stays where the reader is; follows the end only from the end. */
export function MessageList({ ref, rows, older, actions, slots, target }: MessageListProps) {
  const { scroller, isFollowing, follow, leave, onScroll } = useFollowEnd()
  const [shownKey, setShownKey] = useState<string | null>(null)
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => estimateHeight(rows[index]),
    overscan: 6,
    paddingStart: 16,
    paddingEnd: 16,
    scrollPaddingStart: 12,
    anchorTo: 'end',
    // The list corrects itself to the end exactly while the end is followed, not by how near it happens to be.
    scrollEndThreshold: isFollowing ? Number.POSITIVE_INFINITY : -1,
  })
  useImperativeHandle(ref, () => ({ follow }), [follow])
  useTarget({
    rows, older, target,
    show: (index) => {
      leave()
      list.scrollToIndex(index, { align: 'start' })
      setShownKey(rows[index]?.key ?? null)
    },
  })
  // What a person opens grows below the place that was pressed, which must not scroll away.
  const onClickCapture = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest('summary, [aria-expanded]') !== null) leave()
  }

  const items = list.getVirtualItems()
  const firstIndex = items[0]?.index ?? 0
  const wantsOlder = firstIndex < 4 && older.has && !older.loading && older.error === null
  const { load } = older
  useEffect(() => {
    if (wantsOlder) load()
  }, [wantsOlder, load])

  return (
    <div className="group/list relative min-h-0 flex-1">
      <div ref={scroller} onScroll={onScroll} onClickCapture={onClickCapture} role="region" aria-label="Messages" tabIndex={0} className="h-full overflow-y-auto [overflow-anchor:none]">
        <div className="relative mx-auto w-full max-w-3xl" style={{ height: list.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]
            return row === undefined ? null : (
              <div
                key={item.key}
                ref={list.measureElement}
                data-index={item.index}
                className={classNames('absolute top-0 left-0 w-full px-4 pb-2.5', shownKey === item.key && 'flash')}
                onAnimationEnd={() => setShownKey(null)}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <RowView row={row} actions={actions} follow={follow} slots={slots} />
              </div>
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

/** Loads older messages until the wanted one is there, and shows it. */
function useTarget({ rows, older, target, show }: Pick<MessageListProps, 'rows' | 'older' | 'target'> & { readonly show: (index: number) => void }): void {
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

function estimateHeight(row: Row | undefined): number {
  if (row?.kind === 'tool') return row.request === null ? 44 : 260
  if (row?.kind === 'assistant') return 60 + Math.min(2_000, Math.ceil(row.payload.text.length / 95) * 24)
  if (row?.kind === 'user') return 80
  return 48
}

function RowView({ row, actions, follow, slots }: Pick<MessageListProps, 'actions' | 'slots'> & { readonly row: Row; readonly follow: () => void }) {
  switch (row.kind) {
    case 'user': return <UserMessage entry={row.entry} payload={row.payload} actions={actions} turnActions={row.entry.runId === null ? null : slots.renderTurnActions(row.entry.runId)} />
    case 'assistant': return <AssistantMessage entry={row.entry} payload={row.payload} retryRunId={row.retryRunId} actions={actions} />
    case 'tool': return <ToolRow row={row} actions={actions} slots={slots} onAnswered={follow} />
    case 'marker': return <Marker payload={row.payload} />
    case 'live': return <LiveMessage step={row.step} />
    case 'partial': return <PartialMessage text={row.text} />
    case 'request': return slots.renderRequest(row.request, follow)
    case 'ended': return <RunBanner run={row.run} onResumed={follow} />
    default: return assertNever(row)
  }
}
