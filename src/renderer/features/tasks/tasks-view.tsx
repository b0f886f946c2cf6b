import { ListTodo } from 'lucide-react'
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Task } from '#contract/tasks'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { useCommands } from '../../lib/commands/use-commands'
import { useNow } from '../../lib/hooks'
import { Board } from './board/board'
import { BulkBar } from './board/bulk-bar'
import { type Direction, focusAfter } from './board/steps'
import { Toolbar } from './board/toolbar'
import { type ShownGrid, useBoardKeys } from './board/use-board-keys'
import { sortTasks, type Sorting } from './list/sort'
import { TaskTable } from './list/task-table'
import { useBoardState, useTaskPlace, useTasksParts } from './tasks-context'
import { type ShownLane, useBoardTasks, useLanes } from './use-board'

/** All tasks, as a board or as a list. */
export function TasksView({ openId }: { readonly openId: string | null }) {
  const { board: store } = useTasksParts()
  const { onNew } = useTaskPlace()
  const look = useBoardState((state) => state.look)
  const { board, all, shown } = useBoardTasks()
  useCommands({
    'board.search': () => document.querySelector<HTMLInputElement>('[data-search="tasks"]')?.select(),
    'board.look': () => {
      store.getState().setLook(look === 'board' ? 'list' : 'board')
      store.getState().want(store.getState().focusId)
    },
    'board.mine': () => store.getState().setFilter({ mine: !store.getState().filter.mine }),
  })
  return (
    <div className="@container relative flex min-h-0 min-w-0 flex-1 flex-col">
      <Toolbar all={all} shown={shown.length} />
      {board.error !== null && <ErrorNote error={board.error} onRetry={() => void board.refetch()} className="mx-3 mb-2" />}
      {board.data?.isCut === true && <p role="status" className="px-3 pb-2 text-xs text-warning">Only the newest {all.length.toLocaleString('en')} tasks are shown. Remove some that are over.</p>}
      <ManyReady all={all} />
      {board.isPending && <Skeleton rows={6} label="Loading the tasks" className="p-4" />}
      {board.isSuccess && (all.length === 0
        ? (
          <EmptyState icon={<ListTodo />} title="No tasks yet">
            <p className="max-w-md">Give work away and find it done here, or find out why not. Tasks run one after the other or side by side, also while you do something else.</p>
            <Button tone="primary" onClick={onNew}>New task</Button>
          </EmptyState>
        )
        : look === 'board' ? <BoardLook shown={shown} openId={openId} /> : <ListLook shown={shown} openId={openId} />)}
      <Selected all={all} />
      <QuestionDialog />
    </div>
  )
}

/** From here on one may want to do something about it. */
const manyReady = 100

function ManyReady({ all }: { readonly all: readonly Task[] }) {
  const ready = useMemo(() => all.filter(({ state, blockedBy }) => state === 'ready' && blockedBy.length === 0).length, [all])
  if (ready <= manyReady) return null
  return <p role="status" className="px-3 pb-2 text-xs text-warning">{ready.toLocaleString('en')} tasks wait for a place; they start a few at a time. How many at once is in the settings.</p>
}

function BoardLook({ shown, openId }: { readonly shown: readonly Task[]; readonly openId: string | null }) {
  const now = useNow(60_000)
  const lanes = useLanes(shown)
  const grid = useMemo(() => gridOf(lanes, shown), [lanes, shown])
  const { onKeyDown, selectRange } = useCardKeys(grid)
  return (
    <div className="flex min-h-0 flex-1 flex-col" onKeyDown={onKeyDown}>
      {shown.length === 0 && <NothingFound />}
      <Board lanes={lanes} now={now} openId={openId} onSelectRange={selectRange} />
    </div>
  )
}

function ListLook({ shown, openId }: { readonly shown: readonly Task[]; readonly openId: string | null }) {
  const now = useNow(60_000)
  const { workspaceName } = useTaskPlace()
  const [sorting, setSorting] = useState<Sorting>({ key: 'state', isDown: false })
  // The name of a folder is only read when the list is sorted by it.
  const tasks = useMemo(() => sortTasks(shown, sorting, workspaceName), [shown, sorting, workspaceName])
  const lanes = useLanes(tasks)
  const grid = useMemo(() => ({ ...gridOf(lanes, tasks), grid: [tasks.map(({ id }) => id)], lanes: [] }), [lanes, tasks])
  const { onKeyDown, selectRange } = useCardKeys(grid)
  return (
    <div className="flex min-h-0 flex-1 flex-col" onKeyDown={onKeyDown}>
      {tasks.length === 0 ? <NothingFound /> : <TaskTable tasks={tasks} sorting={sorting} onSort={setSorting} now={now} openId={openId} onSelectRange={selectRange} />}
    </div>
  )
}

function NothingFound() {
  const { board } = useTasksParts()
  return (
    <div role="status" className="flex items-center justify-center gap-3 py-4 text-muted">
      <p>No task is like that.</p>
      <Button small onClick={() => board.getState().clearFilter()}>Show everything</Button>
    </div>
  )
}

function gridOf(lanes: readonly ShownLane[], shown: readonly Task[]): ShownGrid {
  const states = lanes[0]?.columns.map(({ state }) => state) ?? []
  const columnIds = (lane: ShownLane) => lane.columns.map(({ tasks }) => tasks.map(({ id }) => id))
  return {
    states,
    lanes: lanes.map(columnIds),
    grid: states.map((_state, index) => lanes.flatMap(({ columns }) => columns[index]?.tasks.map(({ id }) => id) ?? [])),
    byId: new Map(shown.map((task) => [task.id, task])),
  }
}

const arrows: Readonly<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' }

/** The keys of the cards that are fixed: arrows, Space, Delete, Escape. The others are commands. */
function useCardKeys(grid: ShownGrid) {
  const { board } = useTasksParts()
  const { step, focused, meant, actions, selectRange } = useBoardKeys(grid)
  const before = useRef(grid.grid)
  useLayoutEffect(() => {
    const { focusId, setFocus, want } = board.getState()
    const { id, isMoved } = focusAfter(before.current, grid.grid, focusId)
    before.current = grid.grid
    // With a card that went elsewhere the focus goes along; some card is always reached by Tab.
    if (isMoved && document.activeElement === document.body) want(id)
    else if (id !== focusId) setFocus(id)
  }, [board, grid])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && board.getState().selected.size > 0) {
      event.preventDefault()
      return board.getState().clearSelection()
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(event.target instanceof Element) || event.target.closest('[data-open]') === null) return
    const direction = arrows[event.key]
    const task = focused()
    if (direction !== undefined) step(direction)
    else if (event.key === 'Delete' && task !== undefined) actions.remove(meant(task))
    else return
    event.preventDefault()
  }
  return { onKeyDown, selectRange }
}

function Selected({ all }: { readonly all: readonly Task[] }) {
  const selected = useBoardState((state) => state.selected)
  const tasks = useMemo(() => all.filter(({ id }) => selected.has(id)), [all, selected])
  return <BulkBar tasks={tasks} />
}

function QuestionDialog() {
  const { board } = useTasksParts()
  const question = useBoardState((state) => state.question)
  if (question === null) return null
  const close = (): void => board.getState().ask(null)
  return (
    <Dialog
      alert
      title={question.title}
      onClose={close}
      actions={(
        <>
          <Button onClick={close}>Leave it</Button>
          <Button
            tone="danger"
            onClick={() => {
              close()
              question.run()
            }}
          >
            {question.confirm}
          </Button>
        </>
      )}
    >
      <p>{question.text}</p>
    </Dialog>
  )
}
