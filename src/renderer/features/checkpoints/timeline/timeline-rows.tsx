import { useVirtualizer } from '@tanstack/react-virtual'
import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from 'react'
import { useNow } from '../../../lib/hooks'
import type { CheckpointActions } from '../actions'
import { CheckpointDetail } from './checkpoint-detail'
import { CheckpointRow } from './checkpoint-row'
import type { Graph, TimelineLook } from './graph'
import { MarkedNote, useMarked } from './marked'
import { useTimelineSelection } from './use-timeline-selection'

/** Only the rows in sight are in the page. One row is in the tab order; arrows, Home and End move to the others. */
export function TimelineRows({ sessionId, graph, look, currentId, older, actions, compared }: {
  readonly sessionId: string
  readonly graph: Graph
  readonly look: TimelineLook
  readonly currentId: string | null
  readonly older: { readonly has: boolean; readonly load: () => void }
  readonly actions: CheckpointActions
  readonly compared: readonly string[]
}) {
  const now = useNow(60_000)
  const { rows } = graph
  const scroller = useRef<HTMLDivElement>(null)
  const [{ openId, activeId, markedId }, select] = useTimelineSelection(sessionId)
  const active = Math.max(0, rows.findIndex((row) => row.checkpoint.id === activeId))
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.checkpoint.id ?? index,
    estimateSize: () => (look === 'graph' ? 40 : 66),
    overscan: 8,
  })
  const items = list.getVirtualItems()
  useOlder(older, (items.at(-1)?.index ?? 0) >= rows.length - 8)
  const { marked, mark, clear } = useMarked(rows, actions, markedId, select)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && marked !== null) {
      event.stopPropagation()
      clear()
    }
    if (!(event.target instanceof Element) || event.target.closest('[data-row]') === null) return
    // The row that the arrows went to, though the focus follows a frame later.
    const here = rows[active]
    if (event.key === 'x' && !event.ctrlKey && !event.metaKey && !event.altKey && here !== undefined) mark(here.checkpoint.id)
    const target = targetIndex(event.key, active, rows.length)
    const row = target === null ? undefined : rows[target]
    if (target === null || row === undefined) return
    event.preventDefault()
    select({ activeId: row.checkpoint.id })
    list.scrollToIndex(target)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${target}"]`)?.focus())
  }
  const onFocus = ({ target }: FocusEvent): void => {
    const row = rows[Number(target.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? -1)]
    if (row !== undefined && row.checkpoint.id !== activeId) select({ activeId: row.checkpoint.id })
  }
  return (
    <>
      <MarkedNote marked={marked} actions={actions} onClear={clear} />
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto" onKeyDown={onKeyDown} onFocus={onFocus}>
        <ol aria-label="Checkpoints, newest first" className="relative" style={{ height: list.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            const { id } = row.checkpoint
            return (
              <li key={item.key} ref={list.measureElement} data-index={item.index} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${item.start}px)` }}>
                <CheckpointRow
                  row={row}
                  index={item.index}
                  lanes={graph.lanes}
                  look={look}
                  now={now}
                  isCurrent={id === currentId}
                  isCompared={compared.includes(id)}
                  isOpen={id === openId}
                  isInTabOrder={item.index === active}
                  isMarked={id === marked?.id}
                  hasMarked={marked !== null}
                  onMark={() => mark(id)}
                  onToggle={() => select({ activeId: id, openId: id === openId ? null : id })}
                />
                {id === openId && <CheckpointDetail checkpoint={row.checkpoint} isCurrent={id === currentId} actions={actions} />}
              </li>
            )
          })}
        </ol>
      </div>
    </>
  )
}

/** Loads what is older once the end is near. */
function useOlder({ has, load }: { readonly has: boolean; readonly load: () => void }, isNearEnd: boolean): void {
  const isWanted = has && isNearEnd
  useEffect(() => {
    if (isWanted) load()
  }, [isWanted, load])
}

function targetIndex(key: string, from: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown': return Math.min(count - 1, from + 1)
    case 'ArrowUp': return Math.max(0, from - 1)
    case 'Home': return 0
    case 'End': return count - 1
    default: return null
  }
}
