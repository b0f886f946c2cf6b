import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { KnownEntity, KnownRelation } from '#contract/knowledge'
import { classNames } from '../../../lib/class-names'
import { shorten } from '../../../lib/format'
import { nearest } from '../graph/nearest'
import { type PlacedEntity, spread } from './spread'

export interface KnowledgeTwin {
  readonly entities: readonly KnownEntity[]
  readonly relations: readonly KnownRelation[]
  readonly chosenId: string | null
  readonly onChoose: (id: string | null) => void
}

const fills = ['fill-accent', 'fill-success', 'fill-warning', 'fill-danger'] as const
const swatches = ['bg-accent', 'bg-success', 'bg-warning', 'bg-danger'] as const
const NO_TYPE = 'fill-muted'

/** Things and how they relate. Its twin for those who read is the list. */
export function KnowledgeGraph({ entities, relations, chosenId, onChoose }: KnowledgeTwin) {
  const { nodes, edges, width, height } = useMemo(() => spread(entities, relations), [entities, relations])
  const types = useMemo(() => [...new Set(entities.map(({ type }) => type))].filter((type) => type !== '').slice(0, fills.length), [entities])
  const [focusId, setFocusId] = useState<string | null>(null)
  const drawing = useRef<SVGSVGElement>(null)
  const current = nodes.find(({ id }) => id === focusId) ?? nodes.find(({ id }) => id === chosenId) ?? nodes[0]
  const near = focusId ?? chosenId
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = current && nearest(nodes, current, event.key)
    if (next) {
      event.preventDefault()
      setFocusId(next.id)
      drawing.current?.querySelector<SVGElement>(`[data-id="${next.id}"]`)?.focus()
    } else if (current && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      onChoose(current.id)
    }
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <svg
        ref={drawing} role="group" aria-label="What is known, as a graph; arrow keys go from thing to thing, Enter opens" viewBox={`0 0 ${Math.max(width, 640)} ${Math.max(height, 400)}`}
        className="min-h-0 w-full flex-1" onKeyDown={onKeyDown} onPointerLeave={() => setFocusId(null)}
      >
        <defs><marker id="knowledge-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" className="fill-line-strong" /></marker></defs>
        <g transform={`translate(${Math.max(0, (640 - width) / 2)} ${Math.max(0, (400 - height) / 2)})`}>
          <g aria-hidden>{edges.map(({ relation, from, to }) => <Edge key={relation.id} type={relation.type} from={from} to={to} isNear={near === from.id || near === to.id} />)}</g>
          {nodes.map(({ id, x, y, radius, entity }) => (
            <g key={id}>
              <circle
                data-id={id} cx={x} cy={y} r={id === focusId || id === chosenId ? radius + 2 : radius} role="button" tabIndex={id === current?.id ? 0 : -1} aria-pressed={id === chosenId} aria-label={labelOf(entity)}
                className={classNames('cursor-pointer', fills[types.indexOf(entity.type)] ?? NO_TYPE, entity.trust === 'untrusted' ? 'stroke-warning' : id === chosenId ? 'stroke-ink' : 'stroke-surface')} strokeWidth={2}
                onFocus={() => setFocusId(id)} onPointerEnter={() => setFocusId(id)} onClick={() => onChoose(id)}
              />
              <text aria-hidden x={x} y={y + radius + 13} textAnchor="middle" fontSize={12} strokeWidth={4} paintOrder="stroke" strokeLinejoin="round" className="pointer-events-none fill-ink stroke-surface font-medium">{shorten(entity.name, 24)}</text>
            </g>
          ))}
        </g>
      </svg>
      <p className="px-3 py-1.5 text-xs text-muted">
        {types.map((type, index) => <span key={type} className="me-3"><span aria-hidden className={classNames('me-1 inline-block size-2 rounded-full', swatches[index])} />{type}</span>)}
        <span><span aria-hidden className="me-1 inline-block size-2 rounded-full bg-muted" />other</span>
      </p>
    </div>
  )
}

function Edge({ type, from, to, isNear }: { readonly type: string; readonly from: PlacedEntity; readonly to: PlacedEntity; readonly isNear: boolean }) {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.max(Math.hypot(dx, dy), 1)
  const [x1, y1] = [from.x + (dx / length) * from.radius, from.y + (dy / length) * from.radius]
  const [x2, y2] = [to.x - (dx / length) * (to.radius + 3), to.y - (dy / length) * (to.radius + 3)]
  return (
    <>
      <line x1={x1} y1={y1} x2={x2} y2={y2} strokeWidth={isNear ? 2 : 1} className={isNear ? 'stroke-accent' : 'stroke-line-strong'} markerEnd="url(#knowledge-arrow)" />
      <text x={(x1 + x2) / 2} y={(y1 + y2) / 2 - 3} textAnchor="middle" fontSize={10} strokeWidth={3} paintOrder="stroke" className="fill-muted stroke-surface">{shorten(type, 22)}</text>
    </>
  )
}

function labelOf({ name, type, facts }: KnownEntity): string {
  const known = facts.slice(0, 2).map(({ attribute, value }) => `${attribute} ${shorten(value, 40)}`)
  return [`${name}${type === '' ? '' : `, ${type}`}`, ...known].join('; ')
}
