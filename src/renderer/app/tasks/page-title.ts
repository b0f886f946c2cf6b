import type { Route } from '../../lib/route'

/** Of a view that is no session; null: the name of the app is enough. */
export function pageTitle(route: Route): string | null {
  if (route.view === 'tasks') return 'Tasks'
  if (route.view === 'workflows') return 'Workflows'
  if (route.view === 'memory') return 'Memory'
  return route.view === 'schedules' ? 'Schedules' : null
}

/** Whether the view has something to show in the context pane. */
export function hasContext({ view }: Route): boolean {
  return view === 'home' || view === 'session'
}
