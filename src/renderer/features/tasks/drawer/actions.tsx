import { MessageSquare, Play, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { Task, TaskState } from '#contract/tasks'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { useServices } from '../../../lib/services'
import { dropOn } from '../board/drop'
import { TextArea } from '../form/text-area'
import { useTaskPlace } from '../tasks-context'
import { useTaskActions } from '../use-task-actions'

const moves = { ready: 'Put into Ready', scheduled: 'Put into Scheduled', backlog: 'Put into Backlog', done: 'Mark as done', cancelled: 'Cancel' } as const
const targets = ['ready', 'scheduled', 'backlog', 'done', 'cancelled'] as const
const triedAgain: ReadonlySet<TaskState> = new Set(['failed', 'missed', 'cancelled', 'needs_you', 'dead_letter'])

/** What can be done with the task as it is now. */
export function Actions({ task }: { readonly task: Task }) {
  const actions = useTaskActions()
  const { onOpenSession } = useTaskPlace()
  const { sessionId } = task
  const isAdhoc = task.when.kind === 'adhoc'
  return (
    <>
      {task.state === 'review' && <Review key={task.revision} task={task} />}
      <div role="group" aria-label="Actions" className="flex flex-wrap gap-2">
        {sessionId !== null && <Button small onClick={() => onOpenSession(sessionId)}><MessageSquare aria-hidden className="size-3.5" />Open its conversation</Button>}
        {isAdhoc && dropOn(task, 'running').kind === 'run' && <Button small tone="primary" onClick={() => actions.run(task)}><Play aria-hidden className="size-3.5" />Run now</Button>}
        {isAdhoc && triedAgain.has(task.state) && (
          <Button small onClick={() => actions.retry(task)}><RotateCcw aria-hidden className="size-3.5" />{task.state === 'dead_letter' ? 'Back into the queue' : task.state === 'needs_you' ? 'Go on' : 'Try again'}</Button>
        )}
        {targets.filter((state) => state !== task.state && dropOn(task, state).kind === 'move').map((state) => <Button key={state} small onClick={() => actions.put([task], state)}>{moves[state]}</Button>)}
      </div>
    </>
  )
}

/** Accepts finished work, or sends it back with words. */
function Review({ task }: { readonly task: Task }) {
  const { client, cache, announcer } = useServices()
  const [message, setMessage] = useState('')
  const [error, setError] = useState<unknown>(null)
  const answer = (accept: boolean): void => {
    client.tasks.review({ id: task.id, accept, ...(message.trim() === '' ? {} : { message: message.trim() }) }).then((next) => {
      announcer.say(accept ? 'Accepted.' : 'Sent back.')
      cache.task(next)
    }, setError)
  }
  return (
    <div role="group" aria-label="Review" className="flex flex-col gap-2 rounded-md border border-warning/50 bg-warning-soft/40 p-3">
      <TextArea label="A word to the agent" rows={2} maxLength={20_000} value={message} onChange={(event) => setMessage(event.target.value)} />
      {error !== null && <ErrorNote error={error} />}
      <div className="flex gap-2">
        <Button tone="primary" onClick={() => answer(true)}>Accept</Button>
        <Button disabled={message.trim() === ''} onClick={() => answer(false)}>Send back</Button>
      </div>
    </div>
  )
}
