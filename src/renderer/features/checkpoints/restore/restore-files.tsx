import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import type { RestoreItem, RestorePreview } from '#contract/checkpoints'
import { Button } from '../../../components/button'
import { classNames } from '../../../lib/class-names'
import { authorsText, plural, shownPath } from '../words'
import { RestoreFileDetail } from './restore-file-detail'
import { conflictChoice, type RestoreSelection, withAll, withConflict, withPath } from './selection'
import type { RestoreSource } from './source'

const actionWords: Readonly<Record<RestoreItem['action'], string>> = { create: 'Create', write: 'Write', delete: 'Delete' }
const actionStyles: Readonly<Record<RestoreItem['action'], string>> = { create: 'text-success', write: 'text-accent', delete: 'text-danger' }

export interface RestoreFilesProps {
  readonly files: NonNullable<RestorePreview['files']>
  readonly source: RestoreSource
  readonly selection: RestoreSelection
  readonly onChange: (selection: RestoreSelection) => void
}

/** Every write and delete, each to be taken or left, and beside it what is different in the chosen one. */
export function RestoreFiles({ files, source, selection, onChange }: RestoreFilesProps) {
  const [picked, setPicked] = useState<string | null>(null)
  const shown = files.items.find((item) => item.path === picked) ?? files.items[0]
  if (shown === undefined) return <p className="py-8 text-center text-muted">No file would change: the folder already is as it was.</p>
  return (
    <div className="grid min-h-0 flex-1 grid-cols-1 grid-rows-[minmax(8rem,2fr)_minmax(10rem,3fr)] gap-3 md:grid-cols-[minmax(16rem,2fr)_3fr] md:grid-rows-1">
      <div className="flex min-h-0 flex-col rounded-md border border-line">
        <div className="flex items-center gap-1 border-b border-line px-2 py-1 text-xs text-muted">
          <p className="min-w-0 flex-1 truncate">
            {plural(files.writes, 'write')}, {plural(files.deletes, 'delete')}
            {files.conflicts > 0 && <span className="text-warning">, {plural(files.conflicts, 'conflict')}</span>}
            {files.damaged > 0 && <span className="text-danger">, {files.damaged} damaged</span>}
          </p>
          <Button small tone="quiet" onClick={() => onChange(withAll(selection, files.items, true))}>All</Button>
          <Button small tone="quiet" onClick={() => onChange(withAll(selection, files.items, false))}>None</Button>
        </div>
        <ItemList items={files.items} shownPath={shown.path} selection={selection} onChange={onChange} onPick={setPicked} />
        {files.truncated && <p className="border-t border-line px-2 py-1 text-xs text-warning">More files would change than are listed. Leave nothing out to restore all of them.</p>}
      </div>
      <RestoreFileDetail key={shown.path} item={shown} source={source} selection={selection} onChange={onChange} />
    </div>
  )
}

function ItemList({ items, shownPath: picked, selection, onChange, onPick }: Pick<RestoreFilesProps, 'selection' | 'onChange'> & {
  readonly items: readonly RestoreItem[]
  readonly shownPath: string
  readonly onPick: (path: string) => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => items[index]?.path ?? index,
    estimateSize: (index) => ((items[index]?.conflict ?? null) === null ? 34 : 92),
    overscan: 12,
  })
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
      <ul aria-label="Files that would change" className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((row) => {
          const item = items[row.index]
          return item === undefined ? null : (
            <li key={row.key} ref={list.measureElement} data-index={row.index} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${row.start}px)` }}>
              <Item item={item} isPicked={item.path === picked} selection={selection} onChange={onChange} onPick={onPick} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Item({ item, isPicked, selection, onChange, onPick }: Pick<RestoreFilesProps, 'selection' | 'onChange'> & {
  readonly item: RestoreItem
  readonly isPicked: boolean
  readonly onPick: (path: string) => void
}) {
  const path = shownPath(item.path)
  const isTaken = !selection.left.has(item.path) && !item.damaged
  const partly = selection.hunks.has(item.path)
  return (
    <div className={classNames('border-b border-line/60 px-2 py-1', isPicked && 'bg-accent-soft')}>
      <div className="flex items-center gap-2">
        <input
          type="checkbox" aria-label={`${actionWords[item.action]} ${path}`} className="accent-accent" disabled={item.damaged} checked={isTaken}
          ref={(box) => {
            if (box) box.indeterminate = isTaken && partly
          }}
          onChange={(event) => onChange(withPath(selection, item.path, event.target.checked))}
        />
        <button type="button" aria-pressed={isPicked} title={`${path}\n${authorsText(item.authors)}`} onClick={() => onPick(item.path)} className="flex min-w-0 flex-1 items-center gap-2 rounded text-start">
          <span className={classNames('w-11 shrink-0 text-xs font-medium', actionStyles[item.action])}>{actionWords[item.action]}</span>
          <span className="min-w-0 flex-1 truncate text-left font-mono text-xs" dir="rtl"><bdi dir="ltr">{path}</bdi></span>
          {item.lines !== null && <span className="shrink-0 text-xs text-muted tabular-nums">+{item.lines.added} −{item.lines.removed}</span>}
        </button>
      </div>
      {item.damaged && <p className="ps-6 text-xs text-danger">Its stored content is damaged and cannot be restored.</p>}
      {item.conflict !== null && !item.damaged && <Conflict item={item} selection={selection} onChange={onChange} />}
    </div>
  )
}

function Conflict({ item, selection, onChange }: Pick<RestoreFilesProps, 'selection' | 'onChange'> & { readonly item: RestoreItem }) {
  const choice = conflictChoice(selection, item)
  return (
    <fieldset className="ps-6 text-xs">
      <legend className="text-warning">{item.conflict?.text}</legend>
      <div className="flex gap-4">
        {(['keep', 'restore'] as const).map((value) => (
          <label key={value} className="flex items-center gap-1.5">
            <input
              type="radio" className="accent-accent" name={`conflict ${item.path}`} value={value} checked={choice === value}
              onChange={() => onChange(withConflict(selection, item.path, value))}
            />
            {value === 'keep' ? 'Keep what is there now' : 'Replace it'}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
