import { useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import type { Task } from '#contract/tasks'
import { useServices, useStore } from '../../../lib/services'
import { useTaskActions, nameOf } from '../use-task-actions'
import { useBoardState, useTaskPlace, useTasksParts } from '../tasks-context'
import type { ShownLane } from '../use-board'
import { countWords } from '../words'
import { BoardColumn } from './board-column'
import { createDragStore, type DragStore, listenForDrags } from './drag'
import { dropTargetAt } from './drop-target'

/** The columns, or lanes of columns. */
export function Board({ lanes, now, openId, onSelectRange }: {
  readonly lanes: readonly ShownLane[]
  readonly now: number
  readonly openId: string | null
  readonly onSelectRange: (id: string) => void
}) {
  const board = useRef<HTMLDivElement>(null)
  const { drags, ghost } = useDrags(board, lanes)
  const isLow = useBoardState((state) => state.lanes) !== 'none'
  const columnsOf = (lane: ShownLane) => lane.columns.map((column) => (
    <BoardColumn key={column.state} column={column} lane={lane.key} now={now} openId={openId} drags={drags} isLow={isLow} onSelectRange={onSelectRange} />
  ))
  return (
    <>
      <div ref={board} tabIndex={-1} data-board className="relative min-h-0 flex-1 overflow-auto px-3 pb-3">
        {isLow
          ? lanes.map((lane) => <LaneBand key={lane.key} lane={lane}>{columnsOf(lane)}</LaneBand>)
          : <div className="flex h-full min-w-max gap-2">{lanes.flatMap(columnsOf)}</div>}
      </div>
      <DragGhost ghost={ghost} drags={drags} />
    </>
  )
}

function LaneBand({ lane, children }: { readonly lane: ShownLane; readonly children: React.ReactNode }) {
  const { workspaceName } = useTaskPlace()
  const lanes = useBoardState((state) => state.lanes)
  const { key, count } = lane
  const name = key === 'rest' ? 'All others' : lanes === 'template' ? key : workspaceName(key === 'none' ? null : key)
  return (
    <details open className="mb-3 min-w-max">
      <summary className="sticky left-0 w-fit rounded-md px-1 py-1 text-sm font-semibold">
        <h2 className="inline">{name}</h2> <span className="font-normal text-muted">{countWords(count, 'task')}</span>
      </summary>
      <div className="flex gap-2">{children}</div>
    </details>
  )
}

function useDrags(board: React.RefObject<HTMLDivElement | null>, lanes: readonly ShownLane[]) {
  const parts = useTasksParts()
  const actions = useTaskActions()
  const { announcer } = useServices()
  const [drags] = useState(createDragStore)
  const ghost = useRef<HTMLDivElement>(null)
  const taken = useEffectEvent((id: string): readonly Task[] => {
    const { selected } = parts.board.getState()
    const ids = selected.has(id) ? selected : new Set([id])
    const tasks = lanes.flatMap(({ columns }) => columns.flatMap((column) => column.tasks)).filter((task) => ids.has(task.id))
    announcer.say(`Dragging ${nameOf(tasks)}.`)
    return tasks
  })
  const targetAt = useEffectEvent((x: number, y: number, tasks: readonly Task[]) => dropTargetAt(lanes, x, y, tasks))
  useLayoutEffect(() => {
    if (board.current === null) return
    return listenForDrags({
      board: board.current, store: drags,
      taken: (id) => taken(id),
      targetAt: (x, y, tasks) => targetAt(x, y, tasks),
      onDrop: (tasks, { state, afterId }) => actions.put(tasks, state, state === 'backlog' || state === 'ready' ? afterId : undefined),
      follow: (x, y) => {
        if (ghost.current !== null) ghost.current.style.transform = `translate(${x + 10}px, ${y + 6}px)`
      },
    })
  }, [board, drags, actions])
  return { drags, ghost }
}

function DragGhost({ ghost, drags }: { readonly ghost: React.RefObject<HTMLDivElement | null>; readonly drags: DragStore }) {
  const drag = useStore(drags)
  const [first] = drag?.tasks ?? []
  return (
    <div ref={ghost} aria-hidden className="pointer-events-none fixed top-0 left-0 z-50 w-52">
      {first !== undefined && (
        <div className="rounded-md border border-accent bg-raised px-2.5 py-2 shadow-float">
          <p className="line-clamp-2 font-medium break-words">{first.title}</p>
          {drag !== null && drag.tasks.length > 1 && <p className="text-xs text-muted">and {countWords(drag.tasks.length - 1, 'more', 'more')}</p>}
        </div>
      )}
    </div>
  )
}
