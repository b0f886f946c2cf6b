import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { FileChange } from '#contract/file-changes'
import { inputStyle } from '../../../components/field'
import { classNames } from '../../../lib/class-names'
import { authorsText, changeLetters, changeWords, shownPath } from '../words'

const letterStyles: Readonly<Record<FileChange['change'], string>> = {
  added: 'text-success', removed: 'text-danger', changed: 'text-accent', mode: 'text-muted', kind: 'text-warning',
}
const filterFrom = 12

/** Changed files, virtualised. Up and down go to the next one. */
export function ChangeList({ items, picked, onPick }: { readonly items: readonly FileChange[]; readonly picked: string | null; readonly onPick: (path: string) => void }) {
  const [filter, setFilter] = useState('')
  const shown = useMemo(() => items.filter((item) => item.path.toLowerCase().includes(filter.trim().toLowerCase())), [items, filter])
  const scroller = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => shown[index]?.path ?? index,
    estimateSize: () => 44,
    overscan: 12,
  })
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const index = shown.findIndex((item) => item.path === picked) + step
    const next = shown[index]
    if (step === 0 || next === undefined) return
    event.preventDefault()
    onPick(next.path)
    list.scrollToIndex(index)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-file="${index}"]`)?.focus())
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      {items.length > filterFrom && (
        <div className="border-b border-line p-1.5">
          <input type="search" aria-label="Filter files" placeholder="Filter files" value={filter} onChange={(event) => setFilter(event.target.value)} className={inputStyle} />
        </div>
      )}
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto" onKeyDown={onKeyDown}>
        {shown.length === 0 && <p className="px-3 py-6 text-center text-muted">{items.length === 0 ? 'No file is different.' : 'No file has this in its path.'}</p>}
        <ul aria-label="Changed files" className="relative" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((row) => {
            const item = shown[row.index]
            if (item === undefined) return null
            const isPicked = item.path === picked
            return (
              <li key={row.key} ref={list.measureElement} data-index={row.index} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${row.start}px)` }}>
                <button
                  type="button"
                  data-file={row.index}
                  aria-pressed={isPicked}
                  onClick={() => onPick(item.path)}
                  className={classNames('flex w-full items-start gap-2 px-3 py-1 text-start -outline-offset-2 hover:bg-hover', isPicked && 'bg-accent-soft')}
                >
                  <span aria-hidden className={classNames('w-3 shrink-0 font-mono text-xs font-semibold', letterStyles[item.change])}>{changeLetters[item.change]}</span>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate text-left font-mono text-xs" dir="rtl" title={shownPath(item.path)}><bdi dir="ltr">{shownPath(item.path)}</bdi></span>
                    <span className="block truncate text-xs text-muted" title={authorsText(item.authors)}><span className="sr-only">{changeWords[item.change]}, </span>{authorsText(item.authors)}</span>
                  </span>
                  {item.lines !== null && (
                    <span className="shrink-0 text-xs tabular-nums"><span className="text-success">+{item.lines.added}</span> <span className="text-danger">−{item.lines.removed}</span></span>
                  )}
                </button>
              </li>
            )
          })}
        </ul>
      </div>
    </div>
  )
}
