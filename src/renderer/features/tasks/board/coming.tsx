import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Task } from '#contract/tasks'
import { useServices } from '../../../lib/services'
import { useTaskPlace } from '../tasks-context'
import { dueWords } from '../words'

const mostGhosts = 12
/** So that what comes often leaves room for the rest. */
const mostOfOne = 3

/** What comes after the next occurrence, which the card of the schedule tells: no tasks yet, so they cannot be moved; each leads to its schedule. */
export function Coming({ schedules }: { readonly schedules: readonly Task[] }) {
  const { queries } = useServices()
  const { onOpenSchedule } = useTaskPlace()
  const upcoming = useQuery(queries.upcoming()).data?.items
  const byId = useMemo(() => new Map(schedules.map((task) => [task.id, task])), [schedules])
  const shown = new Map<string, number>()
  const ghosts = (upcoming ?? []).flatMap(({ scheduleId, dueAt, title }) => {
    const { when, nextDueAt } = byId.get(scheduleId) ?? {}
    const count = shown.get(scheduleId) ?? 0
    if (when === undefined || when.kind === 'adhoc' || dueAt === nextDueAt || count >= mostOfOne) return []
    shown.set(scheduleId, count + 1)
    return [{ scheduleId, dueAt, title, timeZone: when.timeZone }]
  })
  if (ghosts.length === 0) return null
  return (
    <section aria-label="Coming" className="pb-2">
      <p aria-hidden className="px-1 pt-1 pb-1.5 text-xs font-medium text-muted">Coming</p>
      <ul className="flex flex-col gap-1.5">
        {ghosts.slice(0, mostGhosts).map(({ scheduleId, dueAt, title, timeZone }) => (
          <li key={`${scheduleId} ${dueAt}`}>
            <button type="button" onClick={() => onOpenSchedule(scheduleId)} className="block w-full rounded-md border border-dashed border-line-strong px-2.5 py-1.5 text-start text-xs text-muted hover:bg-hover">
              <span className="block truncate">{title}</span>
              <span className="block tabular-nums">{dueWords(dueAt, timeZone)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
