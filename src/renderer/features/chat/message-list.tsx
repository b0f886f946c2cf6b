import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { type MouseEvent, type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { assertNever } from '../../lib/assert-never'
import type { Row } from './conversation'
import { Marker } from './markers'
import { AssistantMessage, LiveMessage, type MessageActions, PartialMessage, UserMessage } from './messages'
import { RunBanner } from './run-banner'
import type { MessageSlots } from './slots'
import { ToolRow } from './tool-row'

export interface MessageListProps {
  readonly rows: readonly Row[]
  readonly older: { readonly has: boolean; readonly loading: boolean; readonly error: unknown; readonly load: () => void }
  readonly actions: MessageActions
  readonly slots: MessageSlots
}

/** So close to the end counts as "at the end": new rows are followed. */
const endThreshold = 48

/** Only the rows in sight are in the page. Stays where the reader is; follows the end only from the end. */
export function MessageList({ rows, older, actions, slots }: MessageListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { isOpening, startOpening } = useOpening()
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => estimateHeight(rows[index]),
    overscan: 6,
    paddingStart: 16,
    paddingEnd: 16,
    anchorTo: isOpening ? 'start' : 'end',
    followOnAppend: !isOpening,
    scrollEndThreshold: endThreshold,
  })
  useLayoutEffect(() => list.scrollToEnd(), [list])
  const onClickCapture = (event: MouseEvent): void => {
    if (!(event.target instanceof Element) || event.target.closest('button, summary') === null) return
    startOpening()
    // A command takes the place of corrections that the list still had in mind from before.
    list.scrollToOffset(scroller.current?.scrollTop ?? 0)
  }
  const isAtEnd = list.isAtEnd(endThreshold)
  useKeepEnd(scroller, isAtEnd, list.scrollToEnd)

  const items = list.getVirtualItems()
  const firstIndex = items[0]?.index ?? 0
  const wantsOlder = firstIndex < 4 && older.has && !older.loading && older.error === null
  const { load } = older
  useEffect(() => {
    if (wantsOlder) load()
  }, [wantsOlder, load])

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={scroller} onClickCapture={onClickCapture} role="region" aria-label="Messages" tabIndex={0} className="h-full overflow-y-auto [overflow-anchor:none]">
        <div className="relative mx-auto w-full max-w-3xl" style={{ height: list.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]
            return row === undefined ? null : (
              <div
                key={item.key}
                ref={list.measureElement}
                data-index={item.index}
                className="absolute top-0 left-0 w-full px-4 pb-2.5"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <RowView row={row} actions={actions} slots={slots} />
              </div>
            )
          })}
        </div>
      </div>
      {older.loading && <p role="status" className="absolute inset-x-0 top-2 mx-auto w-fit rounded-md bg-raised px-3 py-1 text-xs text-muted shadow-float">Loading older messages…</p>}
      {older.error !== null && <ErrorNote error={older.error} onRetry={older.load} className="absolute inset-x-0 top-2 mx-auto w-fit" />}
      {rows.length > 0 && !list.isAtEnd(endThreshold * 2) && (
        <Button className="absolute inset-x-0 bottom-3 mx-auto w-fit rounded-full shadow-float" onClick={() => list.scrollToEnd()}>
          <ArrowDown aria-hidden className="size-4" />Jump to newest
        </Button>
      )}
    </div>
  )
}

const openingMs = 200

/** While a person opens or closes something in a row, the rows above stay where they are: what was pressed must not scroll away. */
function useOpening() {
  const [isOpening, setOpening] = useState(false)
  useEffect(() => {
    if (!isOpening) return
    const timer = setTimeout(() => setOpening(false), openingMs)
    return () => clearTimeout(timer)
  }, [isOpening])
  return { isOpening, startOpening: () => setOpening(true) }
}

/** When the view gets smaller or larger (a banner, a longer draft) and the end was in sight, it stays in sight. */
function useKeepEnd(scroller: RefObject<HTMLElement | null>, isAtEnd: boolean, scrollToEnd: () => void): void {
  const onResize = useEffectEvent(() => {
    if (isAtEnd) scrollToEnd()
  })
  useEffect(() => {
    if (scroller.current === null) return
    const observer = new ResizeObserver(() => onResize())
    observer.observe(scroller.current)
    return () => observer.disconnect()
  }, [scroller])
}

function estimateHeight(row: Row | undefined): number {
  if (row?.kind === 'tool') return row.request === null ? 44 : 260
  if (row?.kind === 'assistant') return 60 + Math.min(2_000, Math.ceil(row.payload.text.length / 95) * 24)
  if (row?.kind === 'user') return 80
  return 48
}

function RowView({ row, actions, slots }: Pick<MessageListProps, 'actions' | 'slots'> & { readonly row: Row }) {
  switch (row.kind) {
    case 'user': return <UserMessage entry={row.entry} payload={row.payload} actions={actions} turnActions={row.entry.runId === null ? null : slots.renderTurnActions(row.entry.runId)} />
    case 'assistant': return <AssistantMessage entry={row.entry} payload={row.payload} retryRunId={row.retryRunId} actions={actions} />
    case 'tool': return <ToolRow row={row} slots={slots} />
    case 'marker': return <Marker payload={row.payload} />
    case 'live': return <LiveMessage step={row.step} />
    case 'partial': return <PartialMessage text={row.text} />
    case 'request': return slots.renderRequest(row.request)
    case 'ended': return <RunBanner run={row.run} />
    default: return assertNever(row)
  }
}
