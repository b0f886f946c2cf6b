import { useVirtualizer } from '@tanstack/react-virtual'
import { Archive, Brain, Lock, Pin, ShieldAlert } from 'lucide-react'
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from 'react'
import type { MemoryHit } from '#contract/memory'
import { EmptyState, Skeleton } from '../../components/feedback'
import { kindWords, trustWords } from '../../components/memory/words'
import { classNames } from '../../lib/class-names'
import { formatAge, shorten } from '../../lib/format'
import { useNow } from '../../lib/hooks'
import { type MemoryPlaces, placeName } from './places'

const rowHeight = 34
// All alike, and known by their number: a function of its own for each render would have all that are loaded laid out anew with each.
const heightOfRow = (): number => rowHeight
/** What there is no room for is in the item. */
const wide = 'hidden @3xl:table-cell'
const columns = [['What', ''], ['Kind', 'w-24'], ['Where', `w-32 ${wide}`], ['Tags', `w-36 ${wide}`], ['From', 'w-24'], ['Used', `w-20 ${wide}`], ['Changed', 'w-20']] as const
const fromWords = { person: 'you', agent: 'an agent', untrusted: 'untrusted' } as const

interface TableProps {
  readonly hits: readonly MemoryHit[]
  readonly openId: string | null
  readonly onOpen: (id: string | null) => void
  readonly places: MemoryPlaces
}

/** The items, a row each. Arrow keys go from row to row, Space selects, Enter opens. Without `onSelect` they can only be read. */
export function MemoryTable({ hits, openId, onOpen, places, isPending, isSearch, selected, onSelect, more, at }: TableProps & {
  readonly isPending: boolean
  readonly isSearch: boolean
  readonly selected: ReadonlySet<string>
  readonly onSelect: ((selected: ReadonlySet<string>) => void) | null
  readonly more: { readonly has: boolean; readonly load: () => void }
  /** The moment that is looked at; null: now. */
  readonly at: number | null
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
  const today = useNow(60_000)
  const now = at ?? today
  const list = useVirtualizer({ count: hits.length, getScrollElement: () => scroller.current, estimateSize: heightOfRow, overscan: 8 })
  const rows = list.getVirtualItems()
  const wantsMore = more.has && (rows.at(-1)?.index ?? 0) >= hits.length - 50
  const { load } = more
  useEffect(() => {
    if (wantsMore) load()
  }, [wantsMore, load])
  const [before, after] = [rows[0]?.start ?? 0, list.getTotalSize() - (rows.at(-1)?.end ?? 0)]
  const toggle = (id: string): void => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    onSelect?.(next)
  }
  const goTo = (index: number): void => {
    const wanted = Math.max(0, Math.min(hits.length - 1, index))
    setCurrent(wanted)
    list.scrollToIndex(wanted, { align: 'auto' })
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted}"] [data-open]`)?.focus())
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key]
    const hit = hits[current]
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement) || event.target.closest('[data-open]') === null) return
    if (step !== undefined) goTo(step(current, hits.length))
    else if (event.key === ' ' && hit) toggle(hit.item.id)
    else return
    event.preventDefault()
  }
  if (isPending) return <Skeleton rows={8} label="Loading the memory" className="p-4" />
  if (hits.length === 0) return <Nothing isSearch={isSearch} isPast={at !== null} />
  const isAll = hits.every(({ item }) => selected.has(item.id))
  return (
    <div ref={scroller} data-memory-scroll tabIndex={-1} className="@container min-h-0 flex-1 overflow-auto px-3 pb-2">
      <table aria-label="Memory" aria-rowcount={more.has ? -1 : hits.length + 1} className="w-full min-w-[30rem] table-fixed border-separate border-spacing-0 text-sm">
        <thead className="sticky top-0 z-10 bg-surface text-xs text-muted">
          <tr aria-rowindex={1}>
            <th scope="col" className="w-8 border-b border-line px-1 py-1.5 text-start">
              {onSelect === null ? <span className="sr-only">Nothing can be selected</span> : <input type="checkbox" aria-label="Select all that are loaded" checked={isAll} onChange={() => onSelect(isAll ? new Set() : new Set(hits.map(({ item }) => item.id)))} className="size-4 accent-(--accent)" />}
            </th>
            {columns.map(([label, width]) => <th key={label} scope="col" className={classNames('border-b border-line px-2 py-1.5 text-start font-medium', width)}>{label}</th>)}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {before > 0 && <tr aria-hidden><td colSpan={8} style={{ height: before }} /></tr>}
          {rows.map((row) => {
            const hit = hits[row.index]
            return hit === undefined ? null : (
              <Row
                key={hit.item.id} hit={hit} index={row.index} now={now} where={placeName(hit.item, places)} isOpen={hit.item.id === openId} isSelected={selected.has(hit.item.id)}
                isCurrent={row.index === Math.min(current, hits.length - 1)} onOpen={onOpen} onToggle={onSelect === null ? null : toggle} onFocus={setCurrent}
              />
            )
          })}
          {after > 0 && <tr aria-hidden><td colSpan={8} style={{ height: after }} /></tr>}
        </tbody>
      </table>
    </div>
  )
}

const pageRows = 15
const steps: Readonly<Record<string, ((index: number, count: number) => number) | undefined>> = {
  ArrowDown: (index) => index + 1, ArrowUp: (index) => index - 1, j: (index) => index + 1, k: (index) => index - 1,
  PageDown: (index) => index + pageRows, PageUp: (index) => index - pageRows, Home: () => 0, End: (_index, count) => count - 1,
}
const cell = 'truncate border-b border-line/60 px-2'

const Row = memo(function Row({ hit: { item, snippet, score, why }, index, now, where, isOpen, isSelected, isCurrent, onOpen, onToggle, onFocus }: {
  readonly hit: MemoryHit
  readonly index: number
  readonly now: number
  readonly where: string
  readonly isOpen: boolean
  readonly isSelected: boolean
  readonly isCurrent: boolean
  readonly onOpen: (id: string) => void
  readonly onToggle: ((id: string) => void) | null
  readonly onFocus: (index: number) => void
}) {
  return (
    <tr data-row={index} aria-rowindex={index + 2} style={{ height: rowHeight }} className={classNames(isSelected ? 'bg-accent-soft' : isOpen ? 'bg-hover' : 'hover:bg-hover')}>
      <td className="border-b border-line/60 px-1">
        {onToggle !== null && <input type="checkbox" tabIndex={-1} aria-label={`Select ${shorten(item.text, 60)}`} checked={isSelected} onChange={() => onToggle(item.id)} className="size-4 accent-(--accent)" />}
      </td>
      <th scope="row" className={classNames(cell, 'text-start font-normal')}>
        <button
          type="button" data-open tabIndex={isCurrent ? 0 : -1} aria-current={isOpen ? 'true' : undefined} title={why === null ? undefined : `${why.text}${score === null ? '' : ` · score ${score.toFixed(3)}`}`}
          onFocus={() => onFocus(index)} onClick={() => onOpen(item.id)} className={classNames('block w-full truncate text-start -outline-offset-2', item.forgottenAt !== null && 'text-muted line-through')}
        >
          {item.pinned && <Mark icon={<Pin />} word="Pinned" />}
          {item.archived && <Mark icon={<Archive />} word="Archived" />}
          {item.sensitivity === 'sensitive' && <Mark icon={<Lock />} word="Sensitive" />}
          {item.trust === 'untrusted' && <Mark icon={<ShieldAlert />} word="Untrusted" warning />}
          {item.title !== '' && <span className="font-medium">{item.title} </span>}
          {snippet.map((part, at) => (part.hit ? <mark key={at} className="rounded-xs bg-warning-soft text-ink">{part.text}</mark> : part.text))}
        </button>
      </th>
      <td className={cell}>{kindWords[item.kind]}</td>
      <td className={classNames(cell, wide)} title={where}>{where}</td>
      <td className={classNames(cell, wide)} title={item.tags.join(', ')}>{item.tags.join(', ')}</td>
      <td className={classNames(cell, item.trust === 'untrusted' && 'text-warning')} title={trustWords[item.trust]}>{fromWords[item.trust]}</td>
      <td className={classNames(cell, wide)}>{item.lastUsedAt === null ? 'never' : formatAge(item.lastUsedAt, now)}</td>
      <td className={cell}>{formatAge(item.updatedAt, now)}</td>
    </tr>
  )
})

function Mark({ icon, word, warning = false }: { readonly icon: ReactNode; readonly word: string; readonly warning?: boolean }) {
  return <span className={classNames('me-1 inline-flex align-[-2px] [&_svg]:size-3.5', warning ? 'text-warning' : 'text-muted')}><span aria-hidden>{icon}</span><span className="sr-only">{word}: </span></span>
}

function Nothing({ isSearch, isPast }: { readonly isSearch: boolean; readonly isPast: boolean }) {
  return (
    <EmptyState icon={<Brain />} title={isSearch ? 'Nothing fits' : isPast ? 'Nothing was remembered then' : 'Nothing is remembered yet'}>
      {isSearch
        ? <p>Try other words, or clear the filters.</p>
        : isPast ? <p>Go on to a later moment.</p> : <p className="max-w-md">Say “remember that …” in a conversation, or <code>/memory add</code> something. What agents learn stands here too, and you can correct or forget all of it.</p>}
    </EmptyState>
  )
}
