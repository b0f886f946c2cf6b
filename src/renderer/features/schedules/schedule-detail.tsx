import { useMutation, useQuery } from '@tanstack/react-query'
import { History, Pause, Play, X } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import type { Schedule } from '#contract/schedules'
import { Button, IconButton } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { Section } from '../../components/section'
import { ZonedTime } from '../../components/zoned-time'
import { formatCost, formatDuration } from '../../lib/format'
import { misfireWords, overlapWords } from '../../lib/schedule-words'
import { useServices } from '../../lib/services'
import { BackfillDialog } from './backfill-dialog'
import { Occurrences } from './occurrences'
import { Why } from './why'

/** A schedule: what comes, what became of what was due, and why something did not run. */
export function ScheduleDetail({ id, onClose, onOpenTask }: { readonly id: string; readonly onClose: () => void; readonly onOpenTask: (taskId: string) => void }) {
  const { queries } = useServices()
  const schedule = useQuery(queries.schedule(id))
  const closer = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => closer.current?.focus(), [])
  return (
    <aside
      data-pane
      aria-label={schedule.data === undefined ? 'Schedule' : `Schedule: ${schedule.data.title}`}
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}
      className="absolute inset-0 z-30 flex flex-col bg-surface @4xl:static @4xl:w-[26rem] @4xl:shrink-0 @4xl:border-l @4xl:border-line"
    >
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-3 py-1.5">
        <Button small onClick={() => onOpenTask(id)}>Change it</Button>
        <span className="flex-1" />
        <IconButton ref={closer} label="Close the schedule" icon={<X />} onClick={onClose} />
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-4 py-3">
        {schedule.error !== null && schedule.data === undefined && <ErrorNote error={schedule.error} onRetry={() => void schedule.refetch()} />}
        {schedule.isPending && <Skeleton rows={5} label="Loading the schedule" />}
        {schedule.data !== undefined && <Content schedule={schedule.data} onOpenTask={onOpenTask} />}
      </div>
    </aside>
  )
}

function Content({ schedule, onOpenTask }: { readonly schedule: Schedule; readonly onOpenTask: (taskId: string) => void }) {
  const { id, title, text, timeZone, pausedReason, next } = schedule
  return (
    <>
      <div>
        <h2 className="text-base font-semibold break-words">{title}</h2>
        <p className="text-muted">{text}</p>
      </div>
      {pausedReason !== null && <p role="status" className="rounded-md bg-warning-soft px-3 py-2 text-warning">Paused: {pausedReason}</p>}
      <Controls schedule={schedule} />
      <Section title={`Next runs, in ${timeZone}`}>
        {next.length === 0
          ? <p className="text-muted">Nothing more to come.</p>
          : <ol aria-label="Next runs" className="tabular-nums">{next.map((at) => <li key={at}><ZonedTime at={at} timeZone={timeZone} /></li>)}</ol>}
      </Section>
      <Sums schedule={schedule} />
      <Rules id={id} />
      <Why id={id} timeZone={timeZone} />
      <Section title="What became of it"><Occurrences id={id} timeZone={timeZone} onOpenTask={onOpenTask} /></Section>
    </>
  )
}

function Sums({ schedule: { runs, succeeded, meanMs, costUsd, missed, lastFailure, timeZone } }: { readonly schedule: Schedule }) {
  const facts = [
    ['Succeeded', runs === 0 ? 'no runs yet' : `${succeeded} of ${runs}, ${Math.round((succeeded / runs) * 100)} %`],
    ['Takes', meanMs === null ? 'not known yet' : `${formatDuration(meanMs)} on average`],
    ['Cost', runs === 0 ? 'nothing yet' : formatCost(costUsd)],
    ['Missed', missed === 0 ? 'none' : missed.toLocaleString('en')],
  ] as const
  return (
    <Section title="Until now">
      <dl className="grid grid-cols-[auto_1fr] gap-x-3">
        {facts.map(([name, value]) => <div key={name} className="contents"><dt className="text-muted">{name}</dt><dd>{value}</dd></div>)}
        {lastFailure !== null && <div className="contents"><dt className="text-muted">Last failure</dt><dd className="min-w-0 break-words"><ZonedTime at={lastFailure.dueAt} timeZone={timeZone} />: <span className="text-danger">{lastFailure.message}</span></dd></div>}
      </dl>
    </Section>
  )
}

/** Its policies in words. */
function Rules({ id }: { readonly id: string }) {
  const { queries } = useServices()
  const when = useQuery(queries.task(id)).data?.when
  if (when === undefined || when.kind === 'adhoc') return null
  return (
    <Section title="How it is run">
      <p>{misfireWords(when.misfire)} {overlapWords(when.overlap)}</p>
      {when.kind === 'scheduled' && (
        <>
          {when.jitterSeconds > 0 && <p>Each start comes up to {formatDuration(when.jitterSeconds * 1000)} later, so that not everything begins at once.</p>}
          {when.startAt !== null && <p>From <ZonedTime at={when.startAt} timeZone={when.timeZone} /> on.</p>}
          {when.endAt !== null && <p>Until <ZonedTime at={when.endAt} timeZone={when.timeZone} />.</p>}
        </>
      )}
    </Section>
  )
}

function Controls({ schedule }: { readonly schedule: Schedule }) {
  const { id, pausedReason } = schedule
  const { client, queries, cache } = useServices()
  const refetch = useQuery(queries.schedule(id)).refetch
  const [reason, setReason] = useState('')
  const [isBackfill, setBackfill] = useState(false)
  const act = useMutation({ meta: { shownInPlace: true }, mutationFn: async (what: () => Promise<unknown>) => what(), onSuccess: () => void refetch() })
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button small tone="primary" disabled={act.isPending} onClick={() => act.mutate(async () => cache.task(await client.tasks.run({ id })))}><Play aria-hidden className="size-3.5" />Run now</Button>
        <Button small onClick={() => setBackfill(true)}><History aria-hidden className="size-3.5" />Make up for…</Button>
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
      {isBackfill && <BackfillDialog schedule={schedule} onClose={() => setBackfill(false)} />}
    </>
  )
}
