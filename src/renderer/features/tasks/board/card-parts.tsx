import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useCallback, useId } from 'react'
import type { Task } from '#contract/tasks'
import type { Board } from '../../../lib/board-query'
import { classNames } from '../../../lib/class-names'
import { useServices } from '../../../lib/services'
import { useBoardState, useHidden, useTaskPlace, useTasksParts } from '../tasks-context'
import { countWords, stateWords } from '../words'

/** The parts of a task, opened in place: each leads to its own drawer. */
export function CardParts({ task, isCurrent }: { readonly task: Task; readonly isCurrent: boolean }) {
  const { board } = useTasksParts()
  const isOpen = useBoardState((state) => state.opened.has(task.id))
  const listId = useId()
  const Fold = isOpen ? ChevronDown : ChevronRight
  const { done, total } = task.children
  return (
    <div className="relative z-10 text-xs">
      <button
        type="button"
        tabIndex={isCurrent ? 0 : -1}
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-label={`${isOpen ? 'Fold' : 'Show'} the parts of ${task.title}: ${done} of ${total} done`}
        onClick={() => board.getState().toggleOpened(task.id)}
        className="-ms-1 flex items-center gap-0.5 rounded-sm pe-1 text-muted hover:bg-hover hover:text-ink"
      >
        <Fold aria-hidden className="size-3.5" />{done} of {total} done
      </button>
      {isOpen && <Parts id={listId} task={task} isCurrent={isCurrent} />}
    </div>
  )
}

function Parts({ id, task, isCurrent }: { readonly id: string; readonly task: Task; readonly isCurrent: boolean }) {
  const { queries } = useServices()
  const { onOpen } = useTaskPlace()
  const hidden = useHidden()
  const select = useCallback((data: Board) => data.tasks.filter((other) => other.parentId === task.id && !hidden.has(other.id)).toSorted((left, right) => left.createdAt - right.createdAt), [task.id, hidden])
  const parts = useQuery({ ...queries.board(), select }).data ?? []
  return (
    <ul id={id} aria-label={`Parts of ${task.title}`} className="mt-1 flex max-h-48 flex-col overflow-y-auto border-s border-line ps-1">
      {parts.map((part) => (
        <li key={part.id}>
          <button type="button" tabIndex={isCurrent ? 0 : -1} onClick={() => onOpen(part.id)} className="flex w-full min-w-0 items-baseline gap-1 rounded-sm px-1 py-0.5 text-start hover:bg-hover">
            <span className="min-w-0 flex-1 truncate" title={part.title}>{part.title}</span>
            <span className={classNames('shrink-0', part.state === 'needs_you' ? 'text-warning' : part.state === 'failed' || part.state === 'dead_letter' ? 'text-danger' : 'text-muted')}>{stateWords[part.state]}</span>
          </button>
        </li>
      ))}
      {parts.length < task.children.total && <li className="px-1 py-0.5 text-muted">{countWords(task.children.total - parts.length, 'more', 'more')} not on the board</li>}
    </ul>
  )
}
