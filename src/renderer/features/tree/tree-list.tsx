import { useVirtualizer } from '@tanstack/react-virtual'
import { type DragEvent, type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useId, useRef, useState } from 'react'
import { z } from 'zod'
import { draggedPathsType } from '../../lib/attach'
import { folderOf, wellFormed } from '../../lib/file-path'
import type { MarkLookup } from './git-marks'
import { treeMove } from './tree-keys'
import { Row, type RowEvents, rowHeight } from './tree-row'
import type { TreeRow } from './tree-rows'
import { noSelection, targetsOf, type TreeSelection, withRange, withToggled } from './tree-selection'

const dragType = 'application/x-trestle-path'
const PathsSchema = z.array(z.string())

export interface TreeListProps {
  readonly label: string
  readonly rows: readonly TreeRow[]
  readonly marks: MarkLookup
  readonly active: string | null
  /** The file that is open in the editor. */
  readonly shown: string | null
  readonly unsaved: ReadonlySet<string>
  readonly cut: readonly string[]
  readonly selection: TreeSelection
  readonly onSelect: (selection: TreeSelection) => void
  readonly onActive: (path: string) => void
  readonly onToggle: (path: string, open: boolean) => void
  readonly onOpen: (row: TreeRow, keep: boolean) => void
  readonly onMenu: RowEvents['onMenu']
  readonly onMove: (paths: readonly string[], folder: string) => void
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
function useTreeDrag(selection: TreeSelection, onMove: TreeListProps['onMove']) {
  const [target, setTarget] = useState<string | null>(null)
  const folderFor = (row: TreeRow | null): string => (row === null ? '' : row.kind === 'folder' ? row.path : folderOf(row.path))
  return {
    target,
    end: () => setTarget(null),
    onStart: (row: TreeRow, event: DragEvent): void => {
      event.dataTransfer.effectAllowed = 'copyMove'
      const paths = targetsOf(selection, row.path)
      event.dataTransfer.setData(dragType, JSON.stringify(paths))
      event.dataTransfer.setData(draggedPathsType, JSON.stringify(paths))
      event.dataTransfer.setData('text/plain', wellFormed(paths.join('\n')))
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
      const dragged = event.dataTransfer.getData(dragType)
      if (dragged !== '') onMove(PathsSchema.parse(JSON.parse(dragged)), folderFor(row))
    },
  }
}

/** The keys that choose several rows: Shift with the arrows, Ctrl with Space and A. */
function selecting(event: KeyboardEvent, rows: readonly TreeRow[], active: number, selection: TreeSelection): { readonly selection: TreeSelection; readonly active: string } | null {
  const row = rows[active]
  if (row === undefined || event.altKey) return null
  const order = rows.map(({ path }) => path)
  const modified = event.ctrlKey || event.metaKey
  if (modified && event.key === ' ') return { selection: withToggled(selection, row.path, null), active: row.path }
  if (modified && event.key === 'a') return { selection: { paths: new Set(order), anchor: row.path }, active: row.path }
  if (!modified && event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    const next = rows[active + (event.key === 'ArrowDown' ? 1 : -1)] ?? row
    return { selection: withRange(selection, order, next.path, row.path), active: next.path }
  }
  return null
}

/** What keys and presses do. */
function useTreeInput({ rows, selection, onSelect, onActive, onToggle, onOpen, onMenu, onKey, onType }: TreeListProps, { activeIndex, idPrefix, scroller }: {
  readonly activeIndex: number
  readonly idPrefix: string
  readonly scroller: RefObject<HTMLDivElement | null>
}) {
  const order = (): readonly string[] => rows.map((row) => row.path)
  const go = (path: string): void => {
    onSelect(noSelection)
    onActive(path)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[activeIndex]
    if (event.target !== scroller.current || row === undefined) return
    const wanted = selecting(event, rows, activeIndex, selection)
    if (wanted !== null) {
      onSelect(wanted.selection)
      onActive(wanted.active)
      event.preventDefault()
      event.stopPropagation()
      return
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    const move = plain ? treeMove(event.key, rows, activeIndex, Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1)) : null
    if (move?.kind === 'go') go(rows[move.index]?.path ?? row.path)
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
  return {
    onKeyDown,
    onPress: (row: TreeRow, event: MouseEvent): void => {
      scroller.current?.focus()
      const now = rows[activeIndex]?.path ?? null
      if (event.shiftKey || event.ctrlKey || event.metaKey) {
        onSelect(event.shiftKey ? withRange(selection, order(), row.path, now) : withToggled(selection, row.path, now))
        onActive(row.path)
        return
      }
      go(row.path)
      if (row.kind === 'folder') onToggle(row.path, !row.isExpanded)
      else onOpen(row, false)
    },
    onRowMenu: (row: TreeRow, x: number, y: number): void => {
      if (!selection.paths.has(row.path)) onSelect(noSelection)
      onActive(row.path)
      onMenu(row, x, y)
    },
  }
}

/** Only the rows in sight are in the page; the tree has the focus and says which row is the active one. */
export function TreeList(props: TreeListProps) {
  const { label, rows, marks, active, shown, unsaved, cut, selection } = props
  const idPrefix = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12, paddingEnd: 24,
    getItemKey: (index) => rows[index]?.path ?? index,
  })
  const activeIndex = Math.max(0, rows.findIndex((row) => row.path === active))
  useScrolledTo(active, active === rows[activeIndex]?.path ? activeIndex : null, (index) => list.scrollToIndex(index))
  const { onKeyDown, onPress, onRowMenu } = useTreeInput(props, { activeIndex, idPrefix, scroller })
  const { target, over, drop, onStart, end } = useTreeDrag(selection, props.onMove)
  const events: RowEvents = {
    onPress,
    onOpen: (row) => row.kind !== 'folder' && props.onOpen(row, true),
    onMenu: onRowMenu,
    onDragStart: onStart, onDragOver: over, onDrop: drop,
  }
  const activeRow = rows[activeIndex]
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      aria-multiselectable
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
              isUnsaved={unsaved.has(row.path)}
              isChosen={selection.paths.size === 0 ? item.index === activeIndex : selection.paths.has(row.path)}
              isCut={cut.includes(row.path)}
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
