import { defaultRangeExtractor, elementScroll, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { type MouseEvent, type Ref, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import type { Row } from './conversation'
import type { DisplayRow } from './display-rows'
import type { Find } from './find/use-find'
import { useFindMarks } from './find/use-find-marks'
import { MessageRow } from './message-row'
import type { MessageActions } from './messages'
import { PromptRail, type PromptRailProps } from './rail/prompt-rail'
import type { MessageSlots } from './slots'
import { useDisplayRows, useUnseen } from './use-display-rows'
import { useFollowEnd } from './use-follow-end'
import { useListKeys } from './use-list-keys'
import { currentPrompt, entryOf, type TellPlace, usePlace } from './use-place'
import { type Older, type Target, useTarget } from './use-target'

export interface MessageListHandle {
  /** Goes to the newest and stays with it. */
  readonly follow: () => void
  readonly focus: () => void
}

export interface MessageListProps {
  readonly ref?: Ref<MessageListHandle>
  readonly rows: readonly Row[]
  readonly older: Older
  readonly actions: MessageActions
  readonly target: Target | null
  readonly slots: MessageSlots
  /** What is looked for in the conversation. */
  readonly find: Pick<Find, 'query' | 'current'> | null
  readonly rail: Pick<PromptRailProps, 'prompts' | 'entries' | 'isOpen' | 'onOpenChange' | 'onJump'>
  /** Where the reader is now: the entry at the top; null at the end. */
  readonly onPlace: TellPlace
}

const farFromEnd = 96
/** So many rows before the oldest that is loaded, older ones are asked for. */
const loadAhead = 40

/** Only the rows in sight are in the page. Stays where the reader is; follows the end only from the end. */
export function MessageList(props: MessageListProps) {
  const { rows, older, actions, slots, rail } = props
  const [markedKey, setMarkedKey] = useState<string | null>(null)
  const shown = useDisplayRows(rows)
  const keys = useMemo(() => shown.map((row) => row.key), [shown])
  const { list, follow, isFollowing, leave, onScroll, scroller, listKeys, firstInSight } = useMessageList(props, shown, keys, setMarkedKey)
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
  const unseen = useUnseen(keys, isFollowing)
  return (
    <div className="group/list relative min-h-0 flex-1">
      <div ref={scroller} onScroll={onScroll} onClickCapture={onClickCapture} onKeyDown={listKeys.onKeyDown} role="region" aria-label="Messages" tabIndex={0} className="h-full overflow-y-auto -outline-offset-2 [overflow-anchor:none]">
        <div role="feed" aria-label="Conversation" aria-busy={older.loading} className="relative mx-auto w-full max-w-3xl" style={{ height: list.getTotalSize() }}>
          {items.map((item) => {
            const row = shown[item.index]
            return row === undefined ? null : (
              <MessageRow
                key={item.key}
                measure={list.measureElement}
                shown={row}
                index={item.index}
                start={item.start}
                place={older.has ? { 'aria-posinset': -1, 'aria-setsize': -1 } : { 'aria-posinset': item.index + 1, 'aria-setsize': shown.length }}
                isMarked={markedKey === row.key}
                onMarked={() => setMarkedKey(null)}
                onFocus={listKeys.onFocus}
                onBlur={listKeys.onBlur}
                actions={actions}
                slots={slots}
                follow={follow}
              />
            )
          })}
        </div>
      </div>
      {rail.prompts.length > 1 && <PromptRail {...rail} currentId={currentPrompt(shown, firstInSight())} />}
      {older.loading && <p role="status" className="absolute inset-x-0 top-2 mx-auto w-fit rounded-md bg-raised px-3 py-1 text-xs text-muted shadow-float">Loading older messages…</p>}
      {older.error !== null && <ErrorNote error={older.error} onRetry={older.load} className="absolute inset-x-0 top-2 mx-auto w-fit" />}
      {rows.length > 0 && !isFollowing && !list.isAtEnd(farFromEnd) && (
        <Button className="absolute inset-x-0 bottom-3 mx-auto w-fit rounded-full shadow-float group-has-[textarea:focus]/list:hidden" onClick={follow}>
          <ArrowDown aria-hidden className="size-4" />Jump to newest{unseen > 0 && ` (${unseen} new)`}
        </Button>
      )}
    </div>
  )
}

/** The list and all that moves it. */
function useMessageList({ ref, older, target, find, rail, onPlace }: MessageListProps, shown: readonly DisplayRow[], keys: readonly string[], mark: (key: string | null) => void) {
  const { scroller, isFollowing, follow, leave, onScroll, onCorrected } = useFollowEnd(target === null)
  const focusedIndex = useRef<number | null>(null)
  const list = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => keys[index] ?? index, [keys]),
    estimateSize: useCallback((index: number) => shown[index]?.height ?? 48, [shown]),
    rangeExtractor: useCallback((range: Range) => withIndex(defaultRangeExtractor(range), focusedIndex.current), []),
    overscan: 4,
    paddingStart: 16,
    paddingEnd: 16,
    scrollPaddingStart: 12,
    anchorTo: 'end',
    scrollToFn: (...move) => {
      elementScroll(...move)
      onCorrected()
    },
    // The list corrects itself to the end exactly while the end is followed, not by how near it happens to be.
    scrollEndThreshold: isFollowing ? Number.POSITIVE_INFINITY : -1,
  })
  useImperativeHandle(ref, () => ({ follow, focus: () => scroller.current?.focus() }), [follow, scroller])
  const go = (index: number, align: 'start' | 'auto' | 'center'): void => {
    leave()
    list.scrollToIndex(index, { align })
  }
  const firstInSight = (): number => {
    const top = scroller.current?.scrollTop ?? 0
    return list.getVirtualItems().find((item) => item.end > top + 1)?.index ?? 0
  }
  useTarget({
    rows: shown, older, target,
    // A list that was opened for it would otherwise follow nothing, at its start.
    miss: follow,
    show: (index, { offset }) => {
      go(index, 'start')
      if (offset === undefined) mark(shown[index]?.key ?? null)
      else requestAnimationFrame(() => scroller.current?.scrollBy(0, offset))
    },
  })
  const listKeys = useListKeys({
    scroller, count: shown.length, firstInSight, toEnd: follow,
    scrollTo: (index) => go(index, 'auto'),
    toStart: () => {
      const first = rail.prompts[0]
      if (older.has && first !== undefined) rail.onJump(first.entryId)
      else go(0, 'start')
    },
  })
  useLayoutEffect(() => {
    focusedIndex.current = listKeys.focused
  })
  useFindMarks({
    scroller, rows: shown, find,
    show: (index) => {
      leave()
      if (!list.getVirtualItems().some((item) => item.index === index)) go(index, 'center')
    },
  })
  usePlace({
    scroller, isFollowing, onPlace,
    placeOf: () => {
      const index = firstInSight()
      const item = list.getVirtualItems().find((candidate) => candidate.index === index)
      const entryId = entryOf(shown[index])
      return item === undefined || entryId === null ? null : { entryId, offset: Math.round((scroller.current?.scrollTop ?? 0) - item.start) }
    },
  })
  return { list, scroller, isFollowing, follow, leave, onScroll, listKeys, firstInSight }
}

function withIndex(indexes: number[], index: number | null): number[] {
  return index === null || indexes.includes(index) ? indexes : [...indexes, index].sort((left, right) => left - right)
}
