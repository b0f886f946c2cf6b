import { ChevronRight, File, FileSymlink, Folder, FolderOpen, Plug } from 'lucide-react'
import type { DragEvent, MouseEvent } from 'react'
import type { GitMark } from '#contract/files'
import { classNames } from '../../lib/class-names'
import { shownName } from '../../lib/file-path'
import { markWords } from './git-marks'
import type { TreeRow } from './tree-rows'

export const rowHeight = 26

export interface RowEvents {
  readonly onPress: (row: TreeRow, event: MouseEvent) => void
  readonly onOpen: (row: TreeRow) => void
  readonly onMenu: (row: TreeRow, x: number, y: number) => void
  readonly onDragStart: (row: TreeRow, event: DragEvent) => void
  readonly onDragOver: (row: TreeRow, event: DragEvent) => void
  readonly onDrop: (row: TreeRow, event: DragEvent) => void
}

export function Row({ id, row, mark, isActive, isChosen, isShown, isUnsaved, isCut, isTarget, top, events }: {
  readonly id: string
  readonly row: TreeRow
  readonly mark: GitMark | null
  /** The one that keys act on. */
  readonly isActive: boolean
  /** Among those that an action is done to. */
  readonly isChosen: boolean
  /** Open in the editor. */
  readonly isShown: boolean
  readonly isUnsaved: boolean
  readonly isCut: boolean
  /** Something is about to be dropped here. */
  readonly isTarget: boolean
  readonly top: number
  readonly events: RowEvents
}) {
  const isFolder = row.kind === 'folder'
  const told = mark === null ? null : markWords[mark]
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      aria-selected={isChosen}
      {...(isFolder ? { 'aria-expanded': row.isExpanded } : {})}
      {...(isShown ? { 'aria-current': 'page' as const } : {})}
      aria-label={`${shownName(row.name)}${told === null ? '' : `, ${told.word}`}${isUnsaved ? ', not saved' : ''}${row.ignored ? ', ignored' : ''}`}
      title={shownName(row.path)}
      draggable
      onClick={(event) => events.onPress(row, event)}
      onDoubleClick={() => events.onOpen(row)}
      onContextMenu={(event) => {
        event.preventDefault()
        events.onMenu(row, event.clientX, event.clientY)
      }}
      onDragStart={(event) => events.onDragStart(row, event)}
      onDragOver={(event) => events.onDragOver(row, event)}
      onDrop={(event) => events.onDrop(row, event)}
      className={classNames(
        'absolute inset-x-0 flex cursor-default items-center gap-1 pe-2 whitespace-nowrap',
        isChosen ? 'bg-accent-soft' : isShown ? 'bg-hover' : 'hover:bg-hover',
        isActive && 'group-focus:outline-1 group-focus:-outline-offset-1 group-focus:outline-accent',
        isTarget && 'outline-2 -outline-offset-2 outline-accent',
        isCut && 'opacity-60',
      )}
      style={{ top, height: rowHeight, paddingInlineStart: 6 + (row.level - 1) * 12 }}
    >
      <ChevronRight aria-hidden className={classNames('size-3.5 shrink-0 text-muted', !isFolder && 'invisible', row.isExpanded && 'rotate-90')} />
      <Icon row={row} />
      <span className={classNames('min-w-0 flex-1 truncate', row.ignored ? 'text-muted italic' : told?.style)}>
        <Name row={row} />
      </span>
      {isUnsaved && <span aria-hidden title="Not saved" className="size-2 shrink-0 rounded-full bg-accent" />}
      {told !== null && <span aria-hidden className={classNames('shrink-0 text-xs font-medium', told.style)}>{isFolder ? '•' : told.letter}</span>}
    </div>
  )
}

function Icon({ row }: { readonly row: TreeRow }) {
  const style = 'size-4 shrink-0 text-muted'
  switch (row.kind) {
    case 'folder': return row.isExpanded ? <FolderOpen aria-hidden className={style} /> : <Folder aria-hidden className={style} />
    case 'file': return <File aria-hidden className={style} />
    case 'link': return <FileSymlink aria-hidden className={style} />
    case 'other': return <Plug aria-hidden className={style} />
  }
}

function Name({ row }: { readonly row: TreeRow }) {
  const start = row.path.length - row.name.length
  const matched = new Set((row.matched ?? []).map((at) => at - start))
  if (matched.size === 0) return shownName(row.name)
  return Array.from({ length: row.name.length }, (_item, at) => (matched.has(at) ? <mark key={at} className="bg-transparent font-semibold text-accent">{row.name[at]}</mark> : row.name[at]))
}
