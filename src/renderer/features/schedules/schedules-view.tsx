import { useInfiniteQuery } from '@tanstack/react-query'
import { CalendarClock } from 'lucide-react'
import type { Schedule } from '#contract/schedules'
import { Button } from '../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { classNames } from '../../lib/class-names'
import { formatCost, formatDuration, formatHere, formatTimeIn } from '../../lib/format'
import { useServices } from '../../lib/services'
import { ScheduleDetail } from './schedule-detail'

/** Everything that is done again and again: what comes next, how it went, what it cost. */
export function SchedulesView({ openId, onOpen, onOpenTask, onNew }: {
  readonly openId: string | null
  readonly onOpen: (id: string | null) => void
  readonly onOpenTask: (taskId: string) => void
  readonly onNew: () => void
}) {
  const { queries } = useServices()
  const schedules = useInfiniteQuery({ ...queries.schedules(), select: (data) => data.pages.flatMap((page) => page.items) })
  return (
    <>
      <div className="min-h-0 min-w-0 flex-1 overflow-auto p-3">
        {schedules.error !== null && <ErrorNote error={schedules.error} onRetry={() => void schedules.refetch()} />}
        {schedules.isPending && <Skeleton rows={4} label="Loading the schedules" />}
        {schedules.data?.length === 0 && (
          <EmptyState icon={<CalendarClock />} title="Nothing is scheduled">
            <p className="max-w-md">A task that is made with dates or a pattern stands here with its next runs and with what became of the others.</p>
            <Button tone="primary" onClick={onNew}>New task</Button>
          </EmptyState>
        )}
        {schedules.data !== undefined && schedules.data.length > 0 && <ScheduleTable schedules={schedules.data} openId={openId} onOpen={onOpen} />}
        {schedules.hasNextPage && <Button className="mt-2" disabled={schedules.isFetchingNextPage} onClick={() => void schedules.fetchNextPage()}>More schedules</Button>}
      </div>
      {openId !== null && <ScheduleDetail key={openId} id={openId} onClose={() => onOpen(null)} onOpenTask={onOpenTask} />}
    </>
  )
}

const heads = ['Schedule', 'Next run', 'Succeeded', 'Takes', 'Missed', 'Cost']
const cell = 'border-b border-line/60 px-2 py-1.5 align-top whitespace-nowrap'

function ScheduleTable({ schedules, openId, onOpen }: { readonly schedules: readonly Schedule[]; readonly openId: string | null; readonly onOpen: (id: string) => void }) {
  return (
    <table aria-label="Schedules" className="w-full border-separate border-spacing-0 text-sm">
      <thead className="text-xs text-muted">
        <tr>{heads.map((head) => <th key={head} scope="col" className="border-b border-line px-2 py-1.5 text-start font-medium whitespace-nowrap">{head}</th>)}</tr>
      </thead>
      <tbody>{schedules.map((schedule) => <Row key={schedule.id} schedule={schedule} isOpen={schedule.id === openId} onOpen={() => onOpen(schedule.id)} />)}</tbody>
    </table>
  )
}

function Row({ schedule, isOpen, onOpen }: { readonly schedule: Schedule; readonly isOpen: boolean; readonly onOpen: () => void }) {
  const { title, text, timeZone, pausedReason, next, runs, succeeded, meanMs, lastFailure, missed, costUsd } = schedule
  return (
    <tr className={classNames(isOpen ? 'bg-hover' : 'hover:bg-hover')}>
      <th scope="row" className="w-full min-w-40 border-b border-line/60 px-2 py-1.5 text-start align-top font-normal">
        <button type="button" className="text-start font-medium break-words" aria-current={isOpen ? 'true' : undefined} onClick={onOpen}>{title}</button>
        <span className="block text-xs text-muted">{text}</span>
        {lastFailure !== null && <span className="line-clamp-2 text-xs break-words text-danger" title={lastFailure.message}>Failed {formatTimeIn(lastFailure.dueAt, timeZone)}: {lastFailure.message}</span>}
      </th>
      <td className={cell}>{pausedReason === null ? <NextRun at={next[0]} timeZone={timeZone} /> : <span className="text-warning" title={pausedReason}>paused</span>}</td>
      <td className={cell}>{runs === 0 ? <span className="text-muted">no runs yet</span> : `${succeeded} of ${runs}`}</td>
      <td className={cell}>{meanMs === null ? '' : formatDuration(meanMs)}</td>
      <td className={classNames(cell, missed > 0 && 'text-warning')}>{missed === 0 ? '' : missed.toLocaleString('en')}</td>
      <td className={cell}>{runs === 0 ? '' : costUsd === null ? <span title="The price of a model is not known">unknown</span> : formatCost(costUsd)}</td>
    </tr>
  )
}

function NextRun({ at, timeZone }: { readonly at: number | undefined; readonly timeZone: string }) {
  if (at === undefined) return <span className="text-muted">none</span>
  const here = formatHere(at, timeZone)
  return (
    <>
      {formatTimeIn(at, timeZone)}
      <span className="block text-xs text-muted">{timeZone}{here !== null && `, ${here}`}</span>
    </>
  )
}
