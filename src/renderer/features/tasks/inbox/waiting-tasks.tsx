import type { Task } from '#contract/tasks'
import { Button } from '../../../components/button'
import { formatAge } from '../../../lib/format'
import { useNow } from '../../../lib/hooks'
import { useHidden } from '../tasks-context'
import { useTaskActions } from '../use-task-actions'
import { lastSeen, stateWords } from '../words'

const most = 50

/** Tasks that were parked, wait for a review, failed or were missed; each can be dealt with right here. */
export function WaitingTasks({ tasks, onOpen }: { readonly tasks: readonly Task[]; readonly onOpen: (id: string) => void }) {
  const now = useNow(60_000)
  const hidden = useHidden()
  const shown = tasks.filter(({ id }) => !hidden.has(id))
  return (
    <section aria-label="Tasks">
      <h2 className="mb-1 text-xs font-semibold text-muted">Tasks</h2>
      <ul className="flex flex-col gap-3">
        {shown.slice(0, most).map((task) => (
          <li key={task.id} className="rounded-md border border-line px-3 py-2">
            <div className="flex items-baseline justify-between gap-2">
              <button type="button" onClick={() => onOpen(task.id)} className="min-w-0 truncate text-start font-medium text-accent hover:underline">{task.title}</button>
              <span className="shrink-0 text-xs text-muted">{formatAge(lastSeen(task), now)}</span>
            </div>
            <p className="text-xs break-words text-muted">{stateWords[task.state]}{whyOf(task)}</p>
            <Choices task={task} onOpen={onOpen} />
          </li>
        ))}
        {shown.length > most && <li className="text-muted">and {shown.length - most} more on the board</li>}
      </ul>
    </section>
  )
}

function whyOf({ error, reason, state }: Task): string {
  const why = error?.message ?? reason
  if (why !== null) return `: ${why}`
  return state === 'review' ? ': it is finished and waits for you to look at it' : ''
}

function Choices({ task, onOpen }: { readonly task: Task; readonly onOpen: (id: string) => void }) {
  const actions = useTaskActions()
  const { state, title } = task
  return (
    <div role="group" aria-label={`What to do about ${title}`} className="mt-1.5 flex flex-wrap gap-2">
      {state === 'review'
        ? <Button small onClick={() => actions.put([task], 'done')}>Accept</Button>
        : <Button small onClick={() => actions.retry(task)}>{state === 'needs_you' ? 'Go on' : state === 'dead_letter' ? 'Back into the queue' : 'Try again'}</Button>}
      {state !== 'review' && state !== 'needs_you' && <Button small onClick={() => actions.put([task], 'cancelled')}>Leave it</Button>}
      <Button small tone="quiet" onClick={() => onOpen(task.id)}>Look at it</Button>
    </div>
  )
}
