import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Task } from '#contract/tasks'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { ZonedTime } from '../../../components/zoned-time'
import { formatAge } from '../../../lib/format'
import { useNow } from '../../../lib/hooks'
import { useServices } from '../../../lib/services'
import { useHidden } from '../tasks-context'
import { useTaskActions } from '../use-task-actions'
import { countWords, lastSeen, stateWords } from '../words'
import { choicesOf, nextWords, type TaskChoice } from './choices'

const most = 50

/** Tasks that were parked, wait for a review, failed or were missed; each can be dealt with right here, several at once. */
export function WaitingTasks({ tasks, onOpen }: { readonly tasks: readonly Task[]; readonly onOpen: (id: string) => void }) {
  const now = useNow(60_000)
  const hidden = useHidden()
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const shown = tasks.filter(({ id }) => !hidden.has(id))
  const chosen = shown.filter(({ id }) => picked.has(id))
  const pick = (id: string, isPicked: boolean): void => setPicked(new Set(isPicked ? [...picked, id] : [...picked].filter((other) => other !== id)))
  return (
    <section aria-label="Tasks">
      <div className="mb-1 flex items-center gap-2">
        <h2 className="flex-1 text-xs font-semibold text-muted">Tasks</h2>
        {shown.length > 1 && (
          <label className="flex items-center gap-1.5 text-xs text-muted">
            <input type="checkbox" checked={chosen.length === shown.length} onChange={(event) => setPicked(new Set(event.target.checked ? shown.map(({ id }) => id) : []))} className="size-4 accent-(--accent)" />
            Select all
          </label>
        )}
      </div>
      {chosen.length > 0 && <Batch tasks={chosen} onDone={() => setPicked(new Set())} />}
      <ul className="flex flex-col gap-3">
        {shown.slice(0, most).map((task) => (
          <li key={task.id} className="rounded-md border border-line px-3 py-2">
            <div className="flex items-baseline gap-2">
              {shown.length > 1 && <input type="checkbox" aria-label={`Select ${task.title}`} checked={picked.has(task.id)} onChange={(event) => pick(task.id, event.target.checked)} className="size-4 shrink-0 self-center accent-(--accent)" />}
              <button type="button" onClick={() => onOpen(task.id)} className="min-w-0 flex-1 truncate text-start font-medium text-accent hover:underline">{task.title}</button>
              <span className="shrink-0 text-xs text-muted">{formatAge(lastSeen(task), now)}</span>
            </div>
            <p className="text-xs break-words text-muted">{stateWords[task.state]}{whyOf(task)}</p>
            {task.when.kind === 'adhoc' ? <Choices task={task} onOpen={onOpen} /> : <WentBy id={task.id} title={task.title} timeZone={task.when.timeZone} />}
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

function useAnswer(): (choice: TaskChoice, tasks: readonly Task[]) => void {
  const actions = useTaskActions()
  return (choice, tasks) => {
    if (choice === 'accept') actions.put(tasks, 'done')
    else if (choice === 'leave') actions.put(tasks, 'cancelled')
    else for (const task of tasks) actions.retry(task)
  }
}

const labels: Readonly<Record<TaskChoice, string>> = { accept: 'Accept', retry: 'Try again', 'go-on': 'Go on', requeue: 'Back into the queue', leave: 'Leave it' }

/** The same answer for all that take it. */
function Batch({ tasks, onDone }: { readonly tasks: readonly Task[]; readonly onDone: () => void }) {
  const answer = useAnswer()
  const takes = (choices: readonly TaskChoice[]): readonly Task[] => tasks.filter((task) => choicesOf(task).some((choice) => choices.includes(choice)))
  const [accepted, again, left] = [takes(['accept']), takes(['retry', 'go-on', 'requeue']), takes(['leave'])]
  const button = (label: string, choice: TaskChoice, of: readonly Task[]) => of.length > 0 && (
    <Button
      small
      onClick={() => {
        answer(choice, of)
        onDone()
      }}
    >
      {label} ({of.length})
    </Button>
  )
  return (
    <div role="toolbar" aria-label="Answer for the selected" className="mb-2 flex flex-wrap items-center gap-2 rounded-md bg-sunken px-2.5 py-1.5">
      <p className="flex-1 text-xs">{countWords(tasks.length, 'task')} selected</p>
      {button('Accept', 'accept', accepted)}
      {button('Try again', 'retry', again)}
      {button('Leave', 'leave', left)}
    </div>
  )
}

function Choices({ task, onOpen }: { readonly task: Task; readonly onOpen: (id: string) => void }) {
  const { queries } = useServices()
  const answer = useAnswer()
  // Known only where the board is loaded anyway.
  const board = useQuery({ ...queries.board(), enabled: false }).data?.tasks
  const waiting = board?.filter(({ dependsOn, state }) => dependsOn.includes(task.id) && (state === 'ready' || state === 'backlog')).length ?? 0
  return (
    <>
      <div role="group" aria-label={`What to do about ${task.title}`} className="mt-1.5 flex flex-wrap gap-2">
        {choicesOf(task).map((choice) => <Button key={choice} small onClick={() => answer(choice, [task])}>{labels[choice]}</Button>)}
        <Button small tone="quiet" onClick={() => onOpen(task.id)}>Look at it</Button>
      </div>
      <p className="mt-1.5 text-xs text-muted">{nextWords(task, waiting)}</p>
    </>
  )
}

/** A schedule that asks about due times that went by. */
function WentBy({ id, title, timeZone }: { readonly id: string; readonly title: string; readonly timeZone: string }) {
  const { client, orpc } = useServices()
  const asked = useQuery({ ...orpc.schedules.occurrences.queryOptions({ input: { id, limit: 100 } }), select: ({ items }) => items.filter(({ state }) => state === 'asked').map(({ dueAt }) => dueAt) })
  const decide = useMutation({ meta: { shownInPlace: true }, mutationFn: (run: boolean) => client.schedules.decide({ id, dueAts: asked.data ?? [], run }), onSuccess: () => void asked.refetch() })
  const dueAts = asked.data ?? []
  const [newest] = dueAts
  return (
    <>
      {newest !== undefined && <p className="text-xs">The newest: <ZonedTime at={newest} timeZone={timeZone} /> {timeZone}</p>}
      <div role="group" aria-label={`What to do about ${title}`} className="mt-1.5 flex flex-wrap gap-2">
        <Button small disabled={dueAts.length === 0 || decide.isPending} onClick={() => decide.mutate(true)}>{dueAts.length > 1 ? `Run all ${dueAts.length}` : 'Run it'}</Button>
        <Button small disabled={dueAts.length === 0 || decide.isPending} onClick={() => decide.mutate(false)}>{dueAts.length > 1 ? 'Leave all' : 'Leave it'}</Button>
      </div>
      <p className="mt-1.5 text-xs text-muted">What is run becomes a task in Ready for each due time; what is left is told as missed. Until you decide, nothing of it runs.</p>
      {decide.error !== null && <ErrorNote error={decide.error} />}
    </>
  )
}
