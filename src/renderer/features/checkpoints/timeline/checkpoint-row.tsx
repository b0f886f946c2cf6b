import { Camera, CornerDownRight, History, Pin, SquareTerminal, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Checkpoint } from '#contract/checkpoints'
import { classNames } from '../../../lib/class-names'
import { formatAge, formatCost, formatTime } from '../../../lib/format'
import { changesText, kindWords, notCoveredText } from '../words'
import type { GraphRow, TimelineLook } from './graph'
import { GraphCell } from './graph-cell'

const icons: Readonly<Record<Checkpoint['kind'], ReactNode>> = {
  before_turn: <CornerDownRight />,
  after_turn: <History />,
  before_command: <SquareTerminal />,
  before_restore: <Undo2 />,
  named: <Camera />,
}

export interface CheckpointRowProps {
  readonly row: GraphRow
  readonly index: number
  readonly lanes: number
  readonly look: TimelineLook
  readonly now: number
  readonly isCurrent: boolean
  readonly isCompared: boolean
  readonly isOpen: boolean
  readonly isInTabOrder: boolean
  readonly onToggle: () => void
}

/** One point in time. In the graph the lines are for the eye; where history parts is told in words as well. */
export function CheckpointRow({ row, index, lanes, look, now, isCurrent, isCompared, isOpen, isInTabOrder, onToggle }: CheckpointRowProps) {
  const { checkpoint, children } = row
  const parts = children.length > 1
  const notCovered = notCoveredText(checkpoint.coverage)
  return (
    <button
      type="button"
      data-row={index}
      tabIndex={isInTabOrder ? 0 : -1}
      aria-expanded={isOpen}
      aria-current={isCurrent ? 'step' : undefined}
      title={formatTime(checkpoint.at)}
      onClick={onToggle}
      className={classNames(
        'flex w-full items-stretch gap-2 border-b border-line/60 text-start -outline-offset-2 hover:bg-hover',
        (isOpen || isCompared) && 'bg-accent-soft',
        look === 'graph' ? 'ps-1 pe-3' : 'px-3 py-1.5',
      )}
    >
      {look === 'graph' && <GraphCell row={row} lanes={lanes} isCurrent={isCurrent} />}
      <span className={classNames('min-w-0 flex-1', look === 'graph' && 'py-1')}>
        <span className="flex items-center gap-1.5">
          {look === 'list' && <span aria-hidden className="shrink-0 text-muted [&_svg]:size-3.5">{icons[checkpoint.kind]}</span>}
          <span className="min-w-0 flex-1 truncate font-medium">{checkpoint.title}</span>
          {isCurrent && <span className="shrink-0 rounded bg-accent px-1.5 text-[0.6875rem] leading-4 text-on-accent">here</span>}
          {checkpoint.pinned && <Pin role="img" aria-label="pinned" className="size-3 shrink-0 text-muted" />}
          <span className="shrink-0 text-xs text-muted tabular-nums">{formatAge(checkpoint.at, now)}</span>
        </span>
        <span className="flex flex-wrap gap-x-2 text-xs text-muted">
          <span>{kindWords[checkpoint.kind]}</span>
          <span className="tabular-nums">{changesText(checkpoint)}</span>
          {checkpoint.costUsd !== null && <span className="tabular-nums">{formatCost(checkpoint.costUsd)}</span>}
          {checkpoint.files === 'pruned' && <span className="text-warning">files pruned</span>}
          {parts && <span>parts into {children.length} branches</span>}
        </span>
        {look === 'list' && notCovered !== null && <span className="block truncate text-xs text-warning">{notCovered}</span>}
      </span>
    </button>
  )
}
