import { useInfiniteQuery } from '@tanstack/react-query'
import { CalendarClock } from 'lucide-react'
import type { Schedule } from '#contract/schedules'
import { Button } from '../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { classNames } from '../../lib/class-names'
import { formatCost, formatDuration, formatTime } from '../../lib/format'
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

const heads = ['Schedule', 'Next run', 'Succeeded', 'Takes', 'Last failure', 'Missed', 'Cost']
const cell = 'border-b border-line/60 px-2 py-1.5 align-top'

function ScheduleTable({ schedules, openId, onOpen }: { readonly schedules: readonly Schedule[]; readonly openId: string | null; readonly onOpen: (id: string) => void }) {
  return (
    <table aria-label="Schedules" className="w-full min-w-[46rem] border-separate border-spacing-0 text-sm">
      <thead className="text-xs text-muted">
        <tr>{heads.map((head) => <th key={head} scope="col" className="border-b border-line px-2 py-1.5 text-start font-medium">{head}</th>)}</tr>
      </thead>
      <tbody>
        {schedules.map((schedule) => (
          <tr key={schedule.id} className={classNames(schedule.id === openId ? 'bg-hover' : 'hover:bg-hover')}>
            <th scope="row" className={classNames(cell, 'max-w-72 text-start font-normal')}>
              <button type="button" className="block max-w-full truncate font-medium" aria-current={schedule.id === openId ? 'true' : undefined} onClick={() => onOpen(schedule.id)}>{schedule.title}</button>
              <span className="block text-xs text-muted">{schedule.text}</span>
            </th>
            <td className={cell}>{schedule.pausedReason === null ? timeOf(schedule.next[0]) : <span className="text-warning">paused</span>}</td>
            <td className={cell}>{schedule.runs === 0 ? 'no runs yet' : `${schedule.succeeded} of ${schedule.runs}`}</td>
            <td className={cell}>{schedule.meanMs === null ? '' : formatDuration(schedule.meanMs)}</td>
            <td className={classNames(cell, 'max-w-56 truncate text-danger')} title={schedule.lastFailure?.message}>{schedule.lastFailure === null ? '' : schedule.lastFailure.message}</td>
            <td className={classNames(cell, schedule.missed > 0 && 'text-warning')}>{schedule.missed}</td>
            <td className={cell}>{schedule.runs === 0 ? '' : formatCost(schedule.costUsd)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function timeOf(at: number | undefined): string {
  return at === undefined ? 'nothing more to come' : formatTime(at)
}
