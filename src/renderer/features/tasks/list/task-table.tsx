import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight } from 'lucide-react'
import { memo, useEffect, useMemo, useRef } from 'react'
import type { Task } from '#contract/tasks'
import { classNames } from '../../../lib/class-names'
import { formatAge, formatCost } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { useWantedFocus } from '../board/task-card'
import { useBoardState, useHidden, useTaskPlace, useTasksParts } from '../tasks-context'
import { lastSeen, priorityWords, stateWords } from '../words'
import { PartRow } from './part-row'
import { withParts } from './parts'
import type { Sorting, SortKey } from './sort'

/** Where there is little room, what is read least is left out: it is in the drawer. */
const wide = 'hidden @4xl:table-cell'
const columns: readonly { readonly key: SortKey; readonly label: string; readonly width: string }[] = [
  { key: 'title', label: 'Title', width: '' },
  { key: 'state', label: 'State', width: 'w-24' },
  { key: 'priority', label: 'Priority', width: 'w-20' },
  { key: 'template', label: 'Agent', width: `w-24 ${wide}` },
  { key: 'workspace', label: 'Folder', width: `w-28 ${wide}` },
  { key: 'parts', label: 'Parts', width: `w-16 ${wide}` },
  { key: 'progress', label: 'Checked', width: `w-20 ${wide}` },
  { key: 'activity', label: 'Last activity', width: 'w-26' },
  { key: 'created', label: 'Age', width: `w-16 ${wide}` },
  { key: 'cost', label: 'Cost', width: 'w-18' },
]
const rowHeight = 34

/** The tasks as a table: everything that the board shows, for those who read rather than look. */
export function TaskTable({ tasks, sorting, onSort, now, openId, onSelectRange }: {
  readonly tasks: readonly Task[]
  readonly sorting: Sorting
  readonly onSort: (sorting: Sorting) => void
  readonly now: number
  readonly openId: string | null
  readonly onSelectRange: (id: string) => void
}) {
  const { board } = useTasksParts()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useRows(tasks)
  const list = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, getItemKey: (index) => rows[index]?.key ?? index, estimateSize: () => rowHeight, overscan: 12 })
  const wantedId = useBoardState((state) => state.wantedId)
  useEffect(() => {
    const index = wantedId === null ? -1 : rows.findIndex(({ key }) => key === wantedId)
    if (index !== -1) list.scrollToIndex(index, { align: 'auto' })
  }, [wantedId, rows, list])
  const selected = useBoardState((state) => state.selected)
  const items = list.getVirtualItems()
  const [before, after] = [items[0]?.start ?? 0, list.getTotalSize() - (items.at(-1)?.end ?? 0)]
  const isAll = tasks.length > 0 && tasks.every(({ id }) => selected.has(id))
  return (
    <div ref={scroller} tabIndex={-1} className="@container min-h-0 flex-1 overflow-auto px-3 pb-3">
      <table aria-label="Tasks" aria-rowcount={rows.length + 1} className="w-full min-w-[34rem] table-fixed border-separate border-spacing-0 text-sm">
        <thead className="sticky top-0 z-10 bg-surface text-xs">
          <tr aria-rowindex={1}>
            <th scope="col" className="w-8 border-b border-line px-1 py-1.5 text-start">
              <input type="checkbox" aria-label="Select all" checked={isAll} onChange={() => board.getState().select(tasks.map(({ id }) => id), !isAll)} className="size-4 accent-(--accent)" />
            </th>
            {columns.map((column) => <Head key={column.key} column={column} sorting={sorting} onSort={onSort} />)}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden><td colSpan={columns.length + 1} style={{ height: before }} /></tr>}
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            if (row.parent !== null) return <PartRow key={item.key} part={row.task} parent={row.parent} index={item.index} height={rowHeight} cells={columns.length} />
            return <Row key={item.key} task={row.task} index={item.index} now={now} isOpen={row.task.id === openId} onSelectRange={onSelectRange} />
          })}
          {after > 0 && <tr aria-hidden><td colSpan={columns.length + 1} style={{ height: after }} /></tr>}
        </tbody>
      </table>
    </div>
  )
}

/** Under each task whose parts are shown, these. */
function useRows(tasks: readonly Task[]) {
  const { queries } = useServices()
  const opened = useBoardState((state) => state.opened)
  const hidden = useHidden()
  const all = useQuery(queries.board()).data?.tasks
  return useMemo(() => withParts(tasks, all?.filter(({ id }) => !hidden.has(id)) ?? [], opened), [tasks, all, hidden, opened])
}

function Head({ column, sorting, onSort }: { readonly column: (typeof columns)[number]; readonly sorting: Sorting; readonly onSort: (sorting: Sorting) => void }) {
  const { key, label, width } = column
  const isSorted = sorting.key === key
  return (
    <th scope="col" aria-sort={isSorted ? (sorting.isDown ? 'descending' : 'ascending') : undefined} className={classNames('border-b border-line px-1 py-1 text-start font-medium', width)}>
      <button type="button" className="flex items-center gap-1 rounded-sm px-1 py-0.5 text-muted hover:text-ink" onClick={() => onSort({ key, isDown: isSorted && !sorting.isDown })}>
        {label}
        {isSorted && (sorting.isDown ? <ArrowDown aria-hidden className="size-3" /> : <ArrowUp aria-hidden className="size-3" />)}
      </button>
    </th>
  )
}

/** Nothing where there is none. */
function countOf(done: number, total: number): string {
  return total === 0 ? '' : `${done} of ${total}`
}

const cell = 'truncate border-b border-line/60 px-2'

const Row = memo(function Row({ task, index, now, isOpen, onSelectRange }: {
  readonly task: Task
  readonly index: number
  readonly now: number
  readonly isOpen: boolean
  readonly onSelectRange: (id: string) => void
}) {
  const { board } = useTasksParts()
  const { onOpen, workspaceName } = useTaskPlace()
  const isSelected = useBoardState((state) => state.selected.has(task.id))
  const isCurrent = useBoardState((state) => state.focusId === task.id)
  const button = useWantedFocus(task.id)
  return (
    <tr data-row={task.id} aria-rowindex={index + 2} style={{ height: rowHeight }} className={classNames(isSelected ? 'bg-accent-soft' : isOpen ? 'bg-hover' : 'hover:bg-hover')}>
      <td className="border-b border-line/60 px-1">
        <input type="checkbox" tabIndex={-1} aria-label={`Select ${task.title}`} checked={isSelected} onChange={() => board.getState().select([task.id], !isSelected)} className="size-4 accent-(--accent)" />
      </td>
      <th scope="row" className={classNames(cell, 'font-normal')}>
        <div className="flex items-center gap-1">
          {task.children.total > 0 && <PartsFold task={task} isCurrent={isCurrent} />}
          <button
            ref={button}
            type="button"
            data-open
            tabIndex={isCurrent ? 0 : -1}
            aria-current={isOpen ? 'true' : undefined}
            title={task.title}
            onFocus={() => board.getState().setFocus(task.id)}
            onClick={(event) => (event.shiftKey ? onSelectRange(task.id) : onOpen(task.id))}
            className="block w-full min-w-0 truncate text-start font-medium -outline-offset-2"
          >
            {task.title}
          </button>
        </div>
      </th>
      <td className={classNames(cell, task.state === 'needs_you' && 'text-warning')} title={task.reason ?? undefined}>{stateWords[task.state]}</td>
      <td className={cell}>{priorityWords[task.priority]}</td>
      <td className={classNames(cell, wide)}>{task.template}</td>
      <td className={classNames(cell, wide)}>{workspaceName(task.workspaceId)}</td>
      <td className={classNames(cell, wide)}>{countOf(task.children.done, task.children.total)}</td>
      <td className={classNames(cell, wide)}>{countOf(task.checklist.filter(({ done }) => done).length, task.checklist.length)}</td>
      <td className={cell}>{formatAge(lastSeen(task), now)}</td>
      <td className={classNames(cell, wide)}>{formatAge(task.createdAt, now)}</td>
      <td className={cell} title={task.usage.totalTokens > 0 ? formatCost(task.costUsd) : undefined}>{task.usage.totalTokens === 0 ? '' : task.costUsd === null ? 'unknown' : formatCost(task.costUsd)}</td>
    </tr>
  )
})

function PartsFold({ task, isCurrent }: { readonly task: Task; readonly isCurrent: boolean }) {
  const { board } = useTasksParts()
  const isOpen = useBoardState((state) => state.opened.has(task.id))
  const Fold = isOpen ? ChevronDown : ChevronRight
  return (
    <button
      type="button"
      tabIndex={isCurrent ? 0 : -1}
      aria-expanded={isOpen}
      aria-label={`${isOpen ? 'Fold' : 'Show'} the parts of ${task.title}: ${task.children.done} of ${task.children.total} done`}
      onClick={() => board.getState().toggleOpened(task.id)}
      className="-ms-1 shrink-0 rounded-sm p-0.5 text-muted -outline-offset-2 hover:bg-hover hover:text-ink"
    >
      <Fold aria-hidden className="size-3.5" />
    </button>
  )
}
