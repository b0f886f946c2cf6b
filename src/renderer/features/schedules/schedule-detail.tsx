import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Pause, Play, X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { Occurrence, Schedule } from '#contract/schedules'
import { Button, IconButton } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'

/** A schedule: what comes, what became of what was due, and why something did not run. */
export function ScheduleDetail({ id, onClose, onOpenTask }: { readonly id: string; readonly onClose: () => void; readonly onOpenTask: (taskId: string) => void }) {
  const { queries } = useServices()
  const schedule = useQuery(queries.schedule(id))
  const closer = useRef<HTMLButtonElement>(null)
  useEffect(() => closer.current?.focus(), [])
  return (
    <aside
      data-pane
      aria-label={schedule.data === undefined ? 'Schedule' : `Schedule: ${schedule.data.title}`}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className="absolute inset-y-0 right-0 z-30 flex w-[26rem] max-w-full flex-col border-l border-line bg-surface shadow-float xl:static xl:shadow-none"
    >
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-3 py-1.5">
        <Button small onClick={() => onOpenTask(id)}>Open its task</Button>
        <span className="flex-1" />
        <IconButton ref={closer} label="Close the schedule" icon={<X />} onClick={onClose} />
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-4 py-3">
        {schedule.error !== null && schedule.data === undefined && <ErrorNote error={schedule.error} onRetry={() => void schedule.refetch()} />}
        {schedule.isPending && <Skeleton rows={5} label="Loading the schedule" />}
        {schedule.data !== undefined && (
          <>
            <div>
              <h2 className="text-base font-semibold break-words">{schedule.data.title}</h2>
              <p className="text-muted">{schedule.data.text}</p>
            </div>
            {schedule.data.pausedReason !== null && <p role="status" className="rounded-md bg-warning-soft px-3 py-2 text-warning">Paused: {schedule.data.pausedReason}</p>}
            <Controls schedule={schedule.data} />
            <Part title="Next runs">
              {schedule.data.next.length === 0 ? <p className="text-muted">Nothing more to come.</p> : <ol>{schedule.data.next.map((at) => <li key={at}>{formatTime(at)}</li>)}</ol>}
            </Part>
            <Why id={id} />
            <Part title="What became of it"><Occurrences id={id} onOpenTask={onOpenTask} /></Part>
          </>
        )}
      </div>
    </aside>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-1 text-xs font-semibold text-muted">{title}</h3>
      {children}
    </section>
  )
}

function Controls({ schedule: { id, pausedReason } }: { readonly schedule: Schedule }) {
  const { client, queries, cache } = useServices()
  const refetch = useQuery(queries.schedule(id)).refetch
  const [reason, setReason] = useState('')
  const act = useMutation({ meta: { shownInPlace: true }, mutationFn: async (what: () => Promise<unknown>) => what(), onSuccess: () => void refetch() })
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button small tone="primary" disabled={act.isPending} onClick={() => act.mutate(async () => cache.task(await client.tasks.run({ id })))}><Play aria-hidden className="size-3.5" />Run now</Button>
        {pausedReason !== null && <Button small disabled={act.isPending} onClick={() => act.mutate(() => client.schedules.resume({ id }))}>Go on</Button>}
      </div>
      {pausedReason === null && (
        <form
          className="flex gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            act.mutate(() => client.schedules.pause({ id, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }))
          }}
        >
          <input aria-label="Why it is paused" placeholder="Why (optional)" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} className={inputStyle} />
          <Button type="submit" disabled={act.isPending}><Pause aria-hidden className="size-3.5" />Pause</Button>
        </form>
      )}
      {act.error !== null && <ErrorNote error={act.error} />}
    </>
  )
}

function Why({ id }: { readonly id: string }) {
  const { client } = useServices()
  const fieldId = useId()
  const [typed, setTyped] = useState('')
  const ask = useMutation({ meta: { shownInPlace: true }, mutationFn: () => client.schedules.why({ id, at: new Date(typed).getTime() }) })
  const isTime = Number.isFinite(new Date(typed).getTime())
  return (
    <form
      className="flex flex-col gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        if (isTime) ask.mutate()
      }}
    >
      <label htmlFor={fieldId} className="text-xs font-semibold text-muted">Why did it not run at…</label>
      <div className="flex gap-2">
        <input id={fieldId} type="datetime-local" value={typed} onChange={(event) => setTyped(event.target.value)} className={inputStyle} />
        <Button type="submit" disabled={!isTime || ask.isPending}>Ask</Button>
      </div>
      {ask.data !== undefined && <p role="status">{ask.data.explanation}</p>}
      {ask.error !== null && <ErrorNote error={ask.error} />}
    </form>
  )
}

const words: Readonly<Record<Occurrence['state'], string>> = {
  claimed: 'at work', queued: 'waits for the one before', done: 'done', failed: 'failed', cancelled: 'cancelled', skipped: 'skipped', missed: 'missed', asked: 'waits for you to decide',
}

function Occurrences({ id, onOpenTask }: { readonly id: string; readonly onOpenTask: (taskId: string) => void }) {
  const { client, queries } = useServices()
  const occurrences = useInfiniteQuery({ ...queries.occurrences(id), select: (data) => data.pages.flatMap((page) => page.items) })
  const decide = useMutation({
    mutationFn: (answer: { readonly dueAt: number; readonly run: boolean }) => client.schedules.decide({ id, dueAts: [answer.dueAt], run: answer.run }),
    onSuccess: () => void occurrences.refetch(),
  })
  if (occurrences.error !== null) return <ErrorNote error={occurrences.error} onRetry={() => void occurrences.refetch()} />
  if (occurrences.data === undefined) return <Skeleton rows={2} label="Loading what became of it" />
  if (occurrences.data.length === 0) return <p className="text-muted">It was not due yet.</p>
  return (
    <>
      <ol className="flex flex-col gap-1.5">
        {occurrences.data.map(({ dueAt, state, taskId, explanation }) => (
          <li key={dueAt}>
            <span>{formatTime(dueAt)}: {words[state]}</span>
            {taskId !== null && <> <button type="button" className="text-accent hover:underline" aria-label={`Open the task of ${formatTime(dueAt)}`} onClick={() => onOpenTask(taskId)}>Open</button></>}
            {explanation !== null && <p className="text-xs break-words text-muted">{explanation}</p>}
            {state === 'asked' && (
              <div className="mt-1 flex gap-2">
                <Button small disabled={decide.isPending} onClick={() => decide.mutate({ dueAt, run: true })}>Run it</Button>
                <Button small disabled={decide.isPending} onClick={() => decide.mutate({ dueAt, run: false })}>Leave it</Button>
              </div>
            )}
          </li>
        ))}
      </ol>
      {occurrences.hasNextPage && <Button small className="mt-2" disabled={occurrences.isFetchingNextPage} onClick={() => void occurrences.fetchNextPage()}>Earlier ones</Button>}
    </>
  )
}
