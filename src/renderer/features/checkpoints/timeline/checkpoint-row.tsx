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
  /** Chosen as the first of two to compare. */
  readonly isMarked: boolean
  /** One is chosen: the next one that is, is compared with it. */
  readonly hasMarked: boolean
  readonly onMark: () => void
}

/** One point in time. In the graph the lines are for the eye; where history parts is told in words as well. */
export function CheckpointRow({ row, index, lanes, look, now, isCurrent, isCompared, isOpen, isInTabOrder, onToggle, isMarked, hasMarked, onMark }: CheckpointRowProps) {
  const { checkpoint, children } = row
  const parts = children.length > 1
  const notCovered = notCoveredText(checkpoint.coverage)
  return (
    <div className={classNames('flex items-stretch border-b border-line/60', (isOpen || isCompared || isMarked) && 'bg-accent-soft')}>
      <button
        type="button"
        data-row={index}
        tabIndex={isInTabOrder ? 0 : -1}
        aria-expanded={isOpen}
        aria-current={isCurrent ? 'step' : undefined}
        aria-keyshortcuts="x"
        title={formatTime(checkpoint.at)}
        onClick={(event) => (event.ctrlKey || event.metaKey || event.shiftKey ? onMark() : onToggle())}
        className={classNames('flex min-w-0 flex-1 items-stretch gap-2 text-start -outline-offset-2 hover:bg-hover', look === 'graph' ? 'ps-1 pe-2' : 'ps-3 pe-2 py-1.5')}
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
      <label
        title={hasMarked && !isMarked ? 'Compare the chosen one with this (x)' : 'Choose for a comparison (x)'}
        className="flex shrink-0 cursor-pointer items-center px-2 hover:bg-hover"
      >
        <input
          type="checkbox" tabIndex={isInTabOrder ? 0 : -1} className="accent-accent" checked={isMarked} onChange={onMark}
          aria-label={`Choose ${checkpoint.title}, ${kindWords[checkpoint.kind].toLowerCase()}, for a comparison`}
        />
      </label>
    </div>
  )
}
