import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import type { Occurrence } from '#contract/schedules'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { ZonedTime } from '../../components/zoned-time'
import { classNames } from '../../lib/class-names'
import { formatCost, formatDuration, formatTimeIn } from '../../lib/format'
import { useServices } from '../../lib/services'
import { occurrenceWords } from './occurrence-words'

/** What became of its due times, the newest first. Those that a person is asked about are answered here, one or all. */
export function Occurrences({ id, timeZone, onOpenTask }: { readonly id: string; readonly timeZone: string; readonly onOpenTask: (taskId: string) => void }) {
  const { client, queries } = useServices()
  const occurrences = useInfiniteQuery({ ...queries.occurrences(id), select: (data) => data.pages.flatMap((page) => page.items) })
  const decide = useMutation({
    mutationFn: (answer: { readonly dueAts: readonly number[]; readonly run: boolean }) => client.schedules.decide({ id, dueAts: [...answer.dueAts], run: answer.run }),
    onSuccess: () => void occurrences.refetch(),
  })
  if (occurrences.error !== null) return <ErrorNote error={occurrences.error} onRetry={() => void occurrences.refetch()} />
  if (occurrences.data === undefined) return <Skeleton rows={2} label="Loading what became of it" />
  if (occurrences.data.length === 0) return <p className="text-muted">It was not due yet.</p>
  const asked = occurrences.data.filter(({ state }) => state === 'asked').map(({ dueAt }) => dueAt).slice(0, 1_000)
  return (
    <>
      {asked.length > 1 && (
        <div role="group" aria-label="All that went by" className="mb-2 flex flex-wrap items-center gap-2 rounded-md bg-warning-soft px-2.5 py-1.5">
          <p className="flex-1">{asked.length} due times went by.</p>
          <Button small disabled={decide.isPending} onClick={() => decide.mutate({ dueAts: asked, run: true })}>Run all</Button>
          <Button small disabled={decide.isPending} onClick={() => decide.mutate({ dueAts: asked, run: false })}>Leave all</Button>
        </div>
      )}
      <ol className="flex flex-col gap-1.5">
        {occurrences.data.map((occurrence) => (
          <Line key={occurrence.dueAt} occurrence={occurrence} timeZone={timeZone} isBusy={decide.isPending} onOpenTask={onOpenTask} onDecide={(run) => decide.mutate({ dueAts: [occurrence.dueAt], run })} />
        ))}
      </ol>
      {occurrences.hasNextPage && <Button small className="mt-2" disabled={occurrences.isFetchingNextPage} onClick={() => void occurrences.fetchNextPage()}>Earlier ones</Button>}
    </>
  )
}

function Line({ occurrence, timeZone, isBusy, onOpenTask, onDecide }: {
  readonly occurrence: Occurrence
  readonly timeZone: string
  readonly isBusy: boolean
  readonly onOpenTask: (taskId: string) => void
  readonly onDecide: (run: boolean) => void
}) {
  const { dueAt, lastDueAt, number, state, taskId, explanation } = occurrence
  return (
    <li className="border-l-2 border-line pl-2.5">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <ZonedTime at={dueAt} timeZone={timeZone} />
        <span className={classNames('font-medium', state === 'failed' ? 'text-danger' : state === 'missed' || state === 'asked' ? 'text-warning' : '')}>{occurrenceWords[state]}</span>
        {taskId !== null && <button type="button" className="text-accent hover:underline" aria-label={`Open the task of ${formatTimeIn(dueAt, timeZone)}`} onClick={() => onOpenTask(taskId)}>Open</button>}
      </div>
      {lastDueAt !== null && <p className="text-xs text-muted">{number === null ? 'And many more' : `${number} due times`}, until <ZonedTime at={lastDueAt} timeZone={timeZone} /></p>}
      <p className="text-xs break-words text-muted">{[explanation ?? '', usedWords(occurrence)].filter((text) => text !== '').join(' ')}</p>
      {state === 'asked' && (
        <div className="mt-1 flex gap-2">
          <Button small disabled={isBusy} onClick={() => onDecide(true)}>Run it</Button>
          <Button small disabled={isBusy} onClick={() => onDecide(false)}>Leave it</Button>
        </div>
      )}
    </li>
  )
}

function usedWords({ startedAt, endedAt, costUsd }: Occurrence): string {
  if (startedAt === null || endedAt === null) return ''
  return `Took ${formatDuration(endedAt - startedAt)}${costUsd === null ? '' : `, ${formatCost(costUsd)}`}.`
}
