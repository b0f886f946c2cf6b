import { useVirtualizer } from '@tanstack/react-virtual'
import { type DragEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { draggedPathsType } from '../../lib/attach'
import { folderOf, wellFormed } from '../../lib/file-path'
import type { MarkLookup } from './git-marks'
import { treeMove } from './tree-keys'
import { Row, type RowEvents, rowHeight } from './tree-row'
import { canMove, type TreeRow } from './tree-rows'

const dragType = 'application/x-trestle-path'

export interface TreeListProps {
  readonly label: string
  readonly rows: readonly TreeRow[]
  readonly marks: MarkLookup
  readonly active: string | null
  /** The file that is open in the editor. */
  readonly shown: string | null
  readonly cut: string | null
  readonly onActive: (path: string) => void
  readonly onToggle: (path: string, open: boolean) => void
  readonly onOpen: (row: TreeRow, keep: boolean) => void
  readonly onMenu: RowEvents['onMenu']
  readonly onMove: (path: string, folder: string) => void
  /** Keys that do something to the active row; true when it was one. */
  readonly onKey: (event: KeyboardEvent, row: TreeRow) => boolean
  /** A letter: the filter takes it. */
  readonly onType: (text: string) => void
}

/** Once for each row that becomes the active one, also when it comes later; not whenever the rows change. */
function useScrolledTo(active: string | null, index: number | null, scroll: (index: number) => void): void {
  const done = useRef<string | null>(null)
  useEffect(() => {
    if (active === null || index === null || done.current === active) return
    done.current = active
    scroll(index)
  })
}

/** At the row's place, for the keyboard. */
function openMenu(id: string, row: TreeRow, onMenu: TreeListProps['onMenu']): void {
  const place = document.getElementById(id)?.getBoundingClientRect()
  if (place !== undefined) onMenu(row, place.left + 24, place.bottom)
}

/** Moving by drag: onto a folder, beside a file, or to the top. */
function useTreeDrag(onMove: TreeListProps['onMove']) {
  const [target, setTarget] = useState<string | null>(null)
  const folderFor = (row: TreeRow | null): string => (row === null ? '' : row.kind === 'folder' ? row.path : folderOf(row.path))
  return {
    target,
    end: () => setTarget(null),
    onStart: (row: TreeRow, event: DragEvent): void => {
      event.dataTransfer.effectAllowed = 'copyMove'
      event.dataTransfer.setData(dragType, row.path)
      event.dataTransfer.setData(draggedPathsType, JSON.stringify([row.path]))
      event.dataTransfer.setData('text/plain', wellFormed(row.path))
    },
    over: (row: TreeRow | null, event: DragEvent): void => {
      if (!event.dataTransfer.types.includes(dragType)) return
      event.preventDefault()
      event.stopPropagation()
      event.dataTransfer.dropEffect = 'move'
      setTarget(folderFor(row))
    },
    drop: (row: TreeRow | null, event: DragEvent): void => {
      event.preventDefault()
      event.stopPropagation()
      setTarget(null)
      const path = event.dataTransfer.getData(dragType)
      if (path !== '' && canMove(path, folderFor(row))) onMove(path, folderFor(row))
    },
  }
}

/** Only the rows in sight are in the page; the tree has the focus and says which row is the active one. */
export function TreeList({ label, rows, marks, active, shown, cut, onActive, onToggle, onOpen, onMenu, onMove, onKey, onType }: TreeListProps) {
  const idPrefix = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12, paddingEnd: 24,
    getItemKey: (index) => rows[index]?.path ?? index,
  })
  const activeIndex = Math.max(0, rows.findIndex((row) => row.path === active))
  useScrolledTo(active, active === rows[activeIndex]?.path ? activeIndex : null, (index) => list.scrollToIndex(index))
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[activeIndex]
    if (event.target !== scroller.current || row === undefined) return
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    const move = plain ? treeMove(event.key, rows, activeIndex, Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1)) : null
    if (move?.kind === 'go') onActive(rows[move.index]?.path ?? row.path)
    else if (move?.kind === 'toggle') onToggle(move.path, move.open)
    else if (plain && (event.key === 'Enter' || event.key === ' ')) row.kind === 'folder' ? onToggle(row.path, !row.isExpanded) : onOpen(row, event.key === 'Enter')
    else if ((event.key === 'F10' && event.shiftKey) || event.key === 'ContextMenu') openMenu(`${idPrefix}-${row.path}`, row, onMenu)
    else if (!onKey(event, row)) {
      if (!plain || [...event.key].length !== 1) return
      onType(event.key)
    }
    event.preventDefault()
    event.stopPropagation()
  }
  const { target, over, drop, onStart, end } = useTreeDrag(onMove)
  const events: RowEvents = {
    onPress: (row) => {
      scroller.current?.focus()
      onActive(row.path)
      if (row.kind === 'folder') onToggle(row.path, !row.isExpanded)
      else onOpen(row, false)
    },
    onOpen: (row) => row.kind !== 'folder' && onOpen(row, true),
    onMenu: (row, x, y) => {
      onActive(row.path)
      onMenu(row, x, y)
    },
    onDragStart: onStart, onDragOver: over, onDrop: drop,
  }
  const activeRow = rows[activeIndex]
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      tabIndex={0}
      data-pane-start
      {...(activeRow === undefined ? {} : { 'aria-activedescendant': `${idPrefix}-${activeRow.path}` })}
      onKeyDown={onKeyDown}
      onDragOver={(event) => over(null, event)}
      onDragLeave={end}
      onDragEnd={end}
      onDrop={(event) => drop(null, event)}
      className="group relative min-h-0 flex-1 overflow-auto -outline-offset-2"
    >
      <div role="presentation" className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const row = rows[item.index]
          return row === undefined ? null : (
            <Row
              key={item.key}
              id={`${idPrefix}-${row.path}`}
              row={row}
              mark={marks.of(row.path, row.kind === 'folder')}
              isActive={item.index === activeIndex}
              isShown={row.path === shown}
              isCut={row.path === cut}
              isTarget={row.kind === 'folder' && row.path === target}
              top={item.start}
              events={events}
            />
          )
        })}
      </div>
    </div>
  )
}
