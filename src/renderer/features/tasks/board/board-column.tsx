import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useRef } from 'react'
import { classNames } from '../../../lib/class-names'
import { useStore } from '../../../lib/services'
import { useBoardState } from '../tasks-context'
import { countWords, stateWords } from '../words'
import { type Column, isOrdered } from './columns'
import { Coming } from './coming'
import type { DragStore } from './drag'
import { isTarget } from './drop-target'
import { TaskCard } from './task-card'

const gap = 4

/** A column; only the cards in sight are in the page. */
export const BoardColumn = memo(function BoardColumn({ column, lane, now, openId, drags, isLow, onSelectRange }: {
  readonly column: Column
  readonly lane: string
  readonly now: number
  readonly openId: string | null
  readonly drags: DragStore
  /** In a lane: as high as its cards, up to a bound. */
  readonly isLow: boolean
  readonly onSelectRange: (id: string) => void
}) {
  const { state, tasks } = column
  const scroller = useRef<HTMLDivElement>(null)
  const section = useRef<HTMLElement>(null)
  const list = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => tasks[index]?.id ?? index,
    estimateSize: () => 92,
    overscan: 4,
  })
  const wantedId = useBoardState((board) => board.wantedId)
  useEffect(() => {
    const index = wantedId === null ? -1 : tasks.findIndex(({ id }) => id === wantedId)
    if (index === -1) return
    list.scrollToIndex(index, { align: 'auto' })
    section.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [wantedId, tasks, list])
  const title = stateWords[state]
  const Heading = isLow ? 'h3' : 'h2'
  return (
    <section
      ref={section}
      data-column={state}
      data-lane={lane}
      aria-label={`${title}, ${countWords(tasks.length, 'task')}`}
      className="relative flex min-h-0 w-56 min-w-56 flex-1 flex-col rounded-lg bg-sunken/60"
    >
      <Heading className="flex shrink-0 items-center gap-2 px-2.5 py-1.5 text-xs font-semibold">
        <span className={state === 'needs_you' && tasks.length > 0 ? 'text-warning' : ''}>{title}</span>
        <span className="font-normal text-muted">{tasks.length.toLocaleString('en')}</span>
      </Heading>
      <div ref={scroller} data-column-scroll className={classNames('min-h-0 overflow-x-hidden overflow-y-auto px-1.5 [scrollbar-gutter:stable]', isLow ? 'max-h-72 min-h-10' : 'flex-1')}>
        <ul aria-label={title} className="relative" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((item) => {
            const task = tasks[item.index]
            if (task === undefined) return null
            return (
              <li key={item.key} ref={list.measureElement} data-index={item.index} aria-setsize={tasks.length} aria-posinset={item.index + 1} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${item.start}px)` }}>
                <TaskCard task={task} now={now} isOpen={task.id === openId} onSelectRange={onSelectRange} />
              </li>
            )
          })}
        </ul>
        {state === 'scheduled' && <Coming schedules={tasks} />}
      </div>
      <DropMark
        column={column}
        lane={lane}
        drags={drags}
        placeOf={(index) => (scroller.current?.offsetTop ?? 0) - (scroller.current?.scrollTop ?? 0) + (index === -1 ? 0 : (list.measurementsCache[index]?.end ?? 0) - gap)}
      />
    </section>
  )
})

/** Where the cards would go. */
function DropMark({ column, lane, drags, placeOf }: {
  readonly column: Column
  readonly lane: string
  readonly drags: DragStore
  readonly placeOf: (index: number) => number
}) {
  const target = useStore(drags)?.target
  if (!isTarget(target, column.state, lane)) return null
  const { afterId, allowed } = target
  const index = afterId === null ? -1 : column.tasks.findIndex(({ id }) => id === afterId)
  return (
    <>
      <div aria-hidden className={classNames('pointer-events-none absolute inset-0 rounded-lg border-2', allowed ? 'border-accent' : 'border-danger/60')} />
      {allowed && isOrdered(column.state) && (
        <div aria-hidden className="pointer-events-none absolute inset-x-2 h-0.5 rounded-full bg-accent" style={{ top: placeOf(index) }} />
      )}
    </>
  )
}
