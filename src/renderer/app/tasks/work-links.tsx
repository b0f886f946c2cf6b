import { useQuery } from '@tanstack/react-query'
import { Kanban } from 'lucide-react'
import { useTitleWithKeys } from '../../lib/commands/use-bindings'
import { classNames } from '../../lib/class-names'
import { routeHash } from '../../lib/route'
import { useServices } from '../../lib/services'
import { useUi, useUiStore } from '../ui-context'

/** From the side bar to the views of all work. */
export function WorkLinks() {
  const ui = useUiStore()
  const { queries } = useServices()
  const titled = useTitleWithKeys()
  const route = useUi((state) => state.route)
  // Counted only where they are loaded anyway.
  const tasks = useQuery({ ...queries.board(), enabled: false }).data?.tasks
  const running = tasks?.filter(({ state }) => state === 'running').length ?? 0
  return (
    <nav aria-label="Work" className="flex shrink-0 gap-1 px-2 py-1">
      <a
        href={routeHash({ view: 'tasks', taskId: null })}
        title={titled('Tasks', 'tasks.open')}
        aria-current={route.view === 'tasks' ? 'page' : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          ui.getState().go({ view: 'tasks', taskId: null })
        }}
        className={classNames('flex min-h-8 flex-1 items-center gap-2 rounded-md px-2 hover:bg-hover', route.view === 'tasks' && 'bg-accent-soft font-medium')}
      >
        <Kanban aria-hidden className="size-4" />Tasks{running > 0 && <span className="ms-auto text-xs text-muted">{running} running</span>}
      </a>
    </nav>
  )
}
