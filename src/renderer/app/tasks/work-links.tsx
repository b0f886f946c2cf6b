import { useQuery } from '@tanstack/react-query'
import { Brain, CalendarClock, Kanban } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CommandId } from '#contract/commands'
import { useTitleWithKeys } from '../../lib/commands/use-bindings'
import { classNames } from '../../lib/class-names'
import { type Route, routeHash } from '../../lib/route'
import { useServices } from '../../lib/services'
import { useUi, useUiStore } from '../ui-context'

/** From the side bar to the views of all work. */
export function WorkLinks() {
  const { queries } = useServices()
  // Counted only where they are loaded anyway.
  const tasks = useQuery({ ...queries.board(), enabled: false }).data?.tasks
  const running = tasks?.filter(({ state }) => state === 'running').length ?? 0
  return (
    <nav aria-label="Work" className="flex shrink-0 gap-0.5 px-1 py-1">
      <WorkLink to={{ view: 'tasks', taskId: null }} command="tasks.open" name="Tasks" icon={<Kanban aria-hidden className="size-3.5" />}>
        {running > 0 && <span className="ms-auto text-xs text-muted">{running}<span className="sr-only"> running</span></span>}
      </WorkLink>
      <WorkLink to={{ view: 'schedules', scheduleId: null }} command="schedules.open" name="Schedules" icon={<CalendarClock aria-hidden className="size-3.5" />} />
      <WorkLink to={{ view: 'memory', memoryId: null }} command="memory.open" name="Memory" icon={<Brain aria-hidden className="size-3.5" />} />
    </nav>
  )
}

function WorkLink({ to, command, name, icon, children }: {
  readonly to: Route
  readonly command: CommandId
  readonly name: string
  readonly icon: ReactNode
  readonly children?: ReactNode
}) {
  const ui = useUiStore()
  const titled = useTitleWithKeys()
  const isHere = useUi((state) => state.route.view) === to.view
  return (
    <a
      href={routeHash(to)}
      title={titled(name, command)}
      aria-current={isHere ? 'page' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        ui.getState().go(to)
      }}
      className={classNames('flex min-h-8 flex-auto items-center gap-1 rounded-md px-1 text-xs hover:bg-hover', isHere && 'bg-accent-soft font-medium')}
    >
      {icon}{name}{children}
    </a>
  )
}
