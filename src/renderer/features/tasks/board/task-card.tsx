import { CircleAlert, Flame, Lock, Repeat } from 'lucide-react'
import { memo, type MouseEvent, useLayoutEffect, useRef } from 'react'
import type { Task } from '#contract/tasks'
import { classNames } from '../../../lib/class-names'
import { formatCost } from '../../../lib/format'
import { useBoardState, useTaskPlace, useTasksParts } from '../tasks-context'
import { ageWords, countWords, isEnded, priorityWords, timeWords } from '../words'
import { CardParts } from './card-parts'

/** A card. The whole of it is its button; the checkbox lies above. */
export const TaskCard = memo(function TaskCard({ task, now, isOpen, onSelectRange }: {
  readonly task: Task
  readonly now: number
  readonly isOpen: boolean
  readonly onSelectRange: (id: string) => void
}) {
  const { board } = useTasksParts()
  const { onOpen } = useTaskPlace()
  const isSelected = useBoardState((state) => state.selected.has(task.id))
  const isCurrent = useBoardState((state) => state.focusId === task.id)
  const button = useWantedFocus(task.id)
  const onClick = (event: MouseEvent): void => {
    if (event.shiftKey) return onSelectRange(task.id)
    if (event.ctrlKey || event.metaKey) return board.getState().select([task.id], !isSelected)
    onOpen(task.id)
  }
  return (
    <div
      data-card={task.id}
      className={classNames(
        'group relative mb-2 rounded-md border bg-raised px-2.5 py-2 select-none has-[[data-open]:focus-visible]:outline-2 has-[[data-open]:focus-visible]:outline-accent',
        isSelected ? 'border-accent bg-accent-soft' : isOpen ? 'border-accent' : 'border-line hover:border-line-strong',
      )}
    >
      <div className="flex items-start gap-1.5">
        <button
          ref={button}
          type="button"
          data-open
          tabIndex={isCurrent ? 0 : -1}
          aria-current={isOpen ? 'true' : undefined}
          aria-describedby={`about-${task.id}`}
          onClick={onClick}
          onFocus={() => board.getState().setFocus(task.id)}
          className="line-clamp-3 min-w-0 flex-1 text-start font-medium break-words outline-none after:absolute after:inset-0"
        >
          {task.title}
        </button>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${task.title}`}
          checked={isSelected}
          onChange={() => board.getState().select([task.id], !isSelected)}
          className={classNames('relative z-10 mt-0.5 size-4 shrink-0 accent-(--accent)', !isSelected && 'opacity-0 group-hover:opacity-100 focus-visible:opacity-100')}
        />
      </div>
      <div id={`about-${task.id}`} className="mt-1 flex flex-col gap-1 text-xs text-muted">
        <Reason task={task} />
        <Marks task={task} />
        <p className="flex flex-wrap justify-between gap-x-2">
          <span>{[timeWords(task, now), ageWords(task, now)].filter((words) => words !== null).join(', ')}</span>
          {task.usage.totalTokens > 0 && <span>{formatCost(task.costUsd)}</span>}
        </p>
      </div>
      {task.children.total > 0 && <CardParts task={task} isCurrent={isCurrent} />}
    </div>
  )
})

/** Takes the focus when it is wanted here, also when the card has only just come into the page. */
export function useWantedFocus(id: string) {
  const { board } = useTasksParts()
  const button = useRef<HTMLButtonElement>(null)
  const isWanted = useBoardState((state) => state.wantedId === id)
  useLayoutEffect(() => {
    if (!isWanted || button.current === null) return
    button.current.focus({ preventScroll: true })
    board.setState({ wantedId: null })
  }, [isWanted, board])
  return button
}

function Reason({ task }: { readonly task: Task }) {
  const text = task.pausedReason ?? task.error?.message ?? task.reason ?? (task.blockedBy.length > 0 && !isEnded(task.state) ? `Waits for ${countWords(task.blockedBy.length, 'task')}` : null)
  if (text === null) return null
  const tone = task.error !== null ? 'text-danger' : task.state === 'needs_you' || task.pausedReason !== null ? 'text-warning' : ''
  return (
    <p className={classNames('flex gap-1', tone)}>
      {tone === '' ? <Lock aria-hidden className="mt-0.5 size-3 shrink-0" /> : <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />}
      <span className="line-clamp-2 min-w-0 break-words">{task.pausedReason === null ? text : `Paused: ${text}`}</span>
    </p>
  )
}

function Marks({ task }: { readonly task: Task }) {
  const { checklist, priority } = task
  const ticked = checklist.filter(({ done }) => done).length
  return (
    <ul aria-label="About it" className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
      {priority !== 'normal' && (
        <li className={classNames('flex items-center gap-0.5', priority === 'urgent' ? 'font-semibold text-danger' : priority === 'high' && 'text-warning')}>
          {priority === 'urgent' && <Flame aria-hidden className="size-3" />}{priorityWords[priority]}
        </li>
      )}
      <li>{task.template}</li>
      {checklist.length > 0 && <li title="Checklist">{ticked}/{checklist.length} checked</li>}
      {(task.scheduleId !== null || task.when.kind !== 'adhoc') && <li><Repeat role="img" aria-label="By a schedule" className="size-3" /></li>}
      {task.tags.slice(0, 3).map((tag) => <li key={tag} className="max-w-24 truncate rounded-sm bg-sunken px-1">{tag}</li>)}
      {task.tags.length > 3 && <li>+{task.tags.length - 3}</li>}
    </ul>
  )
}
