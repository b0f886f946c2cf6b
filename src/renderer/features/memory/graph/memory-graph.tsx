import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { MemoryHit, MemoryItem } from '#contract/memory'
import { EmptyState } from '../../../components/feedback'
import { kindWords, trustWords } from '../../../components/memory/words'
import { classNames } from '../../../lib/class-names'
import { shorten } from '../../../lib/format'
import { Brain } from 'lucide-react'
import { type MemoryPlaces, placeName } from '../places'
import { type GraphNode, layOut, MAX_GRAPH_ITEMS } from './layout'
import { nearest } from './nearest'

/** The words of more would stand on each other. */
const MOST_NAMED = 24
const fills: Readonly<Record<MemoryItem['kind'], string>> = { user: 'fill-accent', fragment: 'fill-muted', solution: 'fill-success' }

/** The items around what they have in common. Its twin for those who read is the table. */
export function MemoryGraph({ hits, openId, onOpen, places }: { readonly hits: readonly MemoryHit[]; readonly openId: string | null; readonly onOpen: (id: string | null) => void; readonly places: MemoryPlaces }) {
  const items = useMemo(() => hits.map(({ item }) => item), [hits])
  const { nodes, edges, size } = useMemo(() => layOut(items), [items])
  const [focusId, setFocusId] = useState<string | null>(null)
  const drawing = useRef<SVGSVGElement>(null)
  const dots = nodes.filter((node): node is GraphNode & { readonly item: MemoryItem } => node.item !== null)
  const current = dots.find(({ id }) => id === focusId) ?? dots.find(({ id }) => id === openId) ?? dots[0]
  const shown = dots.find(({ id }) => id === focusId)?.item ?? null
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = current && nearest(dots, current, event.key)
    if (next) {
      event.preventDefault()
      setFocusId(next.id)
      drawing.current?.querySelector<SVGElement>(`[data-id="${CSS.escape(next.id)}"]`)?.focus()
    } else if (current && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      onOpen(current.id)
    }
  }
  if (items.length === 0) return <EmptyState icon={<Brain />} title="Nothing to draw"><p>What is remembered stands here, around what it has in common.</p></EmptyState>
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <svg ref={drawing} role="group" aria-label="Memory as a graph; arrow keys go from item to item, Enter opens" viewBox={`0 0 ${size} ${size}`} className="min-h-0 w-full flex-1" onKeyDown={onKeyDown}>
        <g aria-hidden className="stroke-line-strong">{edges.map(({ from, to }) => <line key={`${from.id} ${to.id}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} strokeWidth={from.id === focusId ? 2 : 0.7} className={from.id === focusId ? 'stroke-accent' : undefined} />)}</g>
        {nodes.filter(({ kind }) => kind === 'group').map(({ id, x, y, radius, label }) => (
          <g key={id} aria-hidden>
            <circle cx={x} cy={y} r={radius} className="fill-line-strong" />
            <text x={x} y={y - 9} textAnchor="middle" fontSize={Math.max(11, size / 55)} className="fill-ink font-medium">{shorten(label, 24)}</text>
          </g>
        ))}
        {dots.map(({ id, x, y, radius, item }) => (
          <circle
            key={id} data-id={id} cx={x} cy={y} r={id === focusId || id === openId ? radius + 2 : radius} role="button" tabIndex={id === current?.id ? 0 : -1}
            aria-label={`${kindWords[item.kind]}: ${shorten(item.text, 80)}`} aria-pressed={id === openId}
            className={classNames('cursor-pointer', fills[item.kind], item.trust === 'untrusted' ? 'stroke-warning' : id === openId ? 'stroke-ink' : 'stroke-surface')} strokeWidth={2}
            onFocus={() => setFocusId(id)} onPointerEnter={() => setFocusId(id)} onClick={() => onOpen(id)}
          />
        ))}
        {dots.length <= MOST_NAMED && dots.map(({ id, x, y, radius, label }) => (
          <text key={id} aria-hidden x={x + radius + 4} y={y + 3} fontSize={Math.max(8, size / 75)} strokeWidth={3} paintOrder="stroke" strokeLinejoin="round" className="pointer-events-none fill-muted stroke-surface">{shorten(label, 15)}</text>
        ))}
      </svg>
      <div className="flex min-h-14 items-start justify-between gap-3 px-3 py-1.5 text-xs">
        <p className="min-w-0 flex-1 break-words">
          {shown === null ? <span className="text-muted">Point at an item to read it, press it to open it.</span> : <>{shorten(shown.text, 220)} <span className="text-muted">{kindWords[shown.kind]} · {placeName(shown, places)} · {trustWords[shown.trust]}</span></>}
        </p>
        <p className="shrink-0 text-muted">
          <Dot style="bg-accent" />About you <Dot style="bg-muted" />Facts <Dot style="bg-success" />Solutions
          {items.length > MAX_GRAPH_ITEMS && <span className="block text-end">The first {MAX_GRAPH_ITEMS} of those found.</span>}
        </p>
      </div>
    </div>
  )
}

function Dot({ style }: { readonly style: string }) {
  return <span aria-hidden className={classNames('ms-2 me-1 inline-block size-2 rounded-full', style)} />
}
