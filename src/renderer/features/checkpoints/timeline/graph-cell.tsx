import { classNames } from '../../../lib/class-names'
import type { GraphLine, GraphRow } from './graph'

const laneWidth = 14
const maxLanes = 8
const middle = 50

/** The part of the graph that belongs to one row; rows above and below go on with its lines. Many lanes share the last place. */
export function GraphCell({ row, lanes, isCurrent }: { readonly row: GraphRow; readonly lanes: number; readonly isCurrent: boolean }) {
  const width = Math.min(lanes, maxLanes) * laneWidth + 4
  return (
    <span aria-hidden className="relative block shrink-0 self-stretch" style={{ width }}>
      <svg className="absolute inset-x-0 top-0 h-[calc(100%+1px)] w-full" viewBox={`0 0 ${width} 100`} preserveAspectRatio="none">
        {row.lines.map((line, index) => (
          <path key={index} d={pathOf(line)} fill="none" strokeWidth="2" vectorEffect="non-scaling-stroke" className={strokes[line.from % strokes.length]} />
        ))}
      </svg>
      <span
        className={classNames(
          'absolute top-1/2 size-2.5 -translate-x-1/2 -translate-y-1/2 rounded-full border-2',
          isCurrent ? 'border-accent bg-accent ring-2 ring-accent/40' : row.checkpoint.kind === 'named' ? 'border-accent bg-accent' : 'border-line-strong bg-canvas',
        )}
        style={{ left: x(row.lane) }}
      />
    </span>
  )
}

const strokes = ['stroke-accent', 'stroke-warning', 'stroke-success', 'stroke-danger', 'stroke-line-strong']

function x(lane: number): number {
  return Math.min(lane, maxLanes - 1) * laneWidth + laneWidth / 2 + 2
}

function pathOf({ kind, from, to }: GraphLine): string {
  switch (kind) {
    case 'pass': return `M ${x(from)} 0 V 100`
    case 'in': return from === to ? `M ${x(from)} 0 V ${middle}` : `M ${x(from)} 0 C ${x(from)} ${middle}, ${x(from)} ${middle}, ${x(to)} ${middle}`
    case 'out': return `M ${x(from)} ${middle} V 100`
  }
}
