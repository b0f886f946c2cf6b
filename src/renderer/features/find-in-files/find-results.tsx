import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight, FileDiff, RotateCcw, X } from 'lucide-react'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import type { SearchMatch } from '#contract/find-in-files'
import { IconButton } from '../../components/button'
import { classNames } from '../../lib/class-names'
import { folderOf, nameOf, shownName } from '../../lib/file-path'
import { useLater } from '../../lib/hooks'
import { useServices } from '../../lib/services'
import { type FindRow, type FindState, type FoundFile, matchId, rowsOf } from './find-store'

const rowHeight = 26
const typedMs = 250

/** Files with their matches below them, as a tree. Only the rows in sight are in the page. */
export function FindResults({ workspaceId, state, onToggle, onOpen, onExclude, onPreview }: {
  readonly workspaceId: string
  readonly state: FindState
  readonly onToggle: (path: string) => void
  readonly onOpen: (path: string, match: SearchMatch, keep: boolean) => void
  readonly onExclude: (file: FoundFile, match: SearchMatch | null, excluded: boolean) => void
  readonly onPreview: (path: string) => void
}) {
  const idPrefix = useId()
  const rows = rowsOf(state)
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const list = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12, paddingEnd: 16 })
  const index = Math.max(0, Math.min(active, rows.length - 1))
  const row = rows[index]
  const isOut = (file: FoundFile, match: SearchMatch | null): boolean =>
    state.isReplacing && (match === null ? file.matches.every((one) => state.excluded.has(matchId(file.path, one))) : state.excluded.has(matchId(file.path, match)))
  const go = (next: number): void => {
    const to = Math.max(0, Math.min(rows.length - 1, next))
    setActive(to)
    list.scrollToIndex(to)
  }
  const press = (pressed: FindRow, keep: boolean): void => {
    if (pressed.kind === 'file') onToggle(pressed.file.path)
    else onOpen(pressed.file.path, pressed.match, keep)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (row === undefined || event.target !== scroller.current || event.ctrlKey || event.metaKey || event.altKey) return
    const match = row.kind === 'match' ? row.match : null
    const next = nextIndex(event.key, row, index, rows.length)
    if (next !== null) go(next)
    else if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && row.kind === 'file') onToggle(row.file.path)
    else if (event.key === 'Enter' || event.key === ' ') press(row, event.key === 'Enter')
    else if (event.key === 'Delete' && state.isReplacing) onExclude(row.file, match, !isOut(row.file, match))
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label="Matches"
      tabIndex={0}
      {...(row === undefined ? {} : { 'aria-activedescendant': `${idPrefix}-${index}` })}
      onKeyDown={onKeyDown}
      className="min-h-0 flex-1 overflow-auto -outline-offset-2"
    >
      <div role="presentation" className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const shown = rows[item.index]
          if (shown === undefined) return null
          const match = shown.kind === 'match' ? shown.match : null
          return (
            <ResultRow
              key={item.key}
              id={`${idPrefix}-${item.index}`}
              workspaceId={workspaceId}
              row={shown}
              state={state}
              isActive={item.index === index}
              isOut={isOut(shown.file, match)}
              top={item.start}
              onPress={(keep) => {
                setActive(item.index)
                scroller.current?.focus()
                press(shown, keep)
              }}
              onExclude={(out) => onExclude(shown.file, match, out)}
              onPreview={() => onPreview(shown.file.path)}
            />
          )
        })}
      </div>
    </div>
  )
}

/** Right opens a file and goes in, left closes it and goes out; null where there is nowhere to go. */
function nextIndex(key: string, row: FindRow, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown': return Math.min(count - 1, index + 1)
    case 'ArrowUp': return Math.max(0, index - 1)
    case 'Home': return 0
    case 'End': return count - 1
    case 'PageDown': return Math.min(count - 1, index + 15)
    case 'PageUp': return Math.max(0, index - 15)
    case 'ArrowLeft': return row.kind === 'match' ? index - row.position : row.isOpen ? null : index
    case 'ArrowRight': return row.kind === 'match' ? index : row.isOpen ? index + 1 : null
    default: return null
  }
}

function ResultRow({ id, workspaceId, row, state, isActive, isOut, top, onPress, onExclude, onPreview }: {
  readonly id: string
  readonly workspaceId: string
  readonly row: FindRow
  readonly state: FindState
  readonly isActive: boolean
  readonly isOut: boolean
  readonly top: number
  readonly onPress: (keep: boolean) => void
  readonly onExclude: (out: boolean) => void
  readonly onPreview: () => void
}) {
  const isFile = row.kind === 'file'
  const made = useMade(workspaceId, row, state)
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={isFile ? 1 : 2}
      aria-selected={isActive}
      {...(isFile ? { 'aria-expanded': row.isOpen } : { 'aria-posinset': row.position, 'aria-setsize': row.file.matches.length })}
      {...(isFile ? {} : { 'aria-label': `Line ${row.match.line}: ${row.match.text}${isOut ? ', left out' : ''}`, ...(made === null || isOut ? {} : { 'aria-description': `becomes ${made}` }) })}
      onClick={() => onPress(false)}
      onDoubleClick={() => !isFile && onPress(true)}
      className={classNames('group/row absolute inset-x-0 flex cursor-default items-center gap-1 pe-2 whitespace-nowrap', isActive ? 'bg-accent-soft' : 'hover:bg-hover', isOut && 'text-muted line-through')}
      style={{ top, height: rowHeight, paddingInlineStart: isFile ? 6 : 26 }}
    >
      {isFile ? <FileLabel file={row.file} isOpen={row.isOpen} isOut={isOut} /> : <MatchLabel match={row.match} replacement={isOut ? null : made} />}
      {state.isReplacing && (
        <span className="absolute inset-y-0 right-1 hidden items-center bg-hover group-hover/row:flex" onClick={(event) => event.stopPropagation()} aria-hidden>
          {isFile && <IconButton label="Preview" tabIndex={-1} icon={<FileDiff />} className="size-6" onClick={onPreview} />}
          <IconButton label={isOut ? 'Take in again' : 'Leave out'} tabIndex={-1} icon={isOut ? <RotateCcw /> : <X />} className="size-6" onClick={() => onExclude(!isOut)} />
        </span>
      )}
    </div>
  )
}

/** What a match becomes: as it is typed, or, of an expression, as the host makes it. Null while nothing is replaced, and until it is known. */
function useMade(workspaceId: string, row: FindRow, { query, replacement, isReplacing, status }: FindState): string | null {
  const { orpc } = useServices()
  const wanted = useLater(replacement, typedMs)
  const isMatch = row.kind === 'match'
  const made = useQuery({
    ...orpc.findInFiles.replacements.queryOptions({ input: { id: workspaceId, query, replacement: wanted, path: row.file.path } }),
    enabled: isMatch && isReplacing && query.isRegex && status === 'done',
    staleTime: 0, gcTime: 0, retry: false, meta: { shownInPlace: true },
  })
  if (!isMatch || !isReplacing) return null
  if (!query.isRegex) return replacement
  return made.data?.items.find(({ line, column }) => line === row.match.line && column === row.match.column)?.text ?? null
}

function FileLabel({ file, isOpen, isOut }: { readonly file: FoundFile; readonly isOpen: boolean; readonly isOut: boolean }) {
  return (
    <>
      <ChevronRight aria-hidden className={classNames('size-3.5 shrink-0 text-muted', isOpen && 'rotate-90')} />
      <span className="min-w-0 shrink-0 truncate font-medium">{shownName(nameOf(file.path))}</span>
      <span className="min-w-0 flex-1 truncate text-xs text-muted">{shownName(folderOf(file.path))}</span>
      <span className="shrink-0 rounded-full bg-sunken px-1.5 text-xs text-muted">{file.matches.length}<span className="sr-only"> found{isOut && ', left out'}</span></span>
    </>
  )
}

function MatchLabel({ match: { text, start, end, line }, replacement }: { readonly match: SearchMatch; readonly replacement: string | null }) {
  return (
    <span className="min-w-0 flex-1 truncate font-mono text-xs" title={`Line ${line}`}>
      {text.slice(0, start)}
      <mark className={classNames('rounded-xs', replacement === null ? 'bg-accent-soft text-ink outline-1 outline-accent' : 'bg-danger-soft text-danger line-through')}>{text.slice(start, end)}</mark>
      {replacement !== null && <ins className="rounded-xs bg-success-soft text-success no-underline">{replacement}</ins>}
      {text.slice(end)}
    </span>
  )
}
