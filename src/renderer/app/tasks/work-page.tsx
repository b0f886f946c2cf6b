import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Skeleton } from '../../components/feedback'
import { later } from '../../components/later'
import { type TaskPlace, TaskPlaceContext } from '../../features/tasks/tasks-context'
import type { Route } from '../../lib/route'
import { useServices } from '../../lib/services'
import { Agents } from '../agents'
import { useUi, useUiStore } from '../ui-context'
import { pageTitle } from './page-title'
import { useSelection } from '../use-window-state'
import { SideBar } from '../work/side-bar'

const loading = <Skeleton rows={6} className="flex-1 p-6" label="Loading" />
const TasksView = later(async () => (await import('../../features/tasks/tasks-view')).TasksView, loading)
const SchedulesView = later(async () => (await import('../../features/schedules/schedules-view')).SchedulesView, loading)
const WorkflowsView = later(async () => (await import('../../features/workflows/workflows-view')).WorkflowsView, loading)
const MemoryPage = later(async () => (await import('./memory-page')).MemoryPage, loading)
const TaskDrawer = later(async () => (await import('../../features/tasks/drawer/task-drawer')).TaskDrawer)

/** The views of all work: they take the place of the conversation and its context. */
export function WorkPage({ route, isNarrow }: { readonly route: Extract<Route, { view: 'tasks' | 'schedules' | 'workflows' | 'memory' }>; readonly isNarrow: boolean }) {
  const isOpen = useUi((state) => state.isOpen.left)
  return (
    <div className="flex min-h-0 flex-1">
      {!isNarrow && isOpen && <div className="w-60 shrink-0 border-r border-line"><SideBar /></div>}
      <main data-pane id="main" tabIndex={-1} aria-label={pageTitle(route) ?? 'Work'} className="@container relative flex min-w-0 flex-1 bg-surface">
        {route.view === 'tasks' && <Tasks openId={route.taskId} />}
        {route.view === 'schedules' && <Schedules openId={route.scheduleId} />}
        {route.view === 'workflows' && <Workflows openId={route.workflowId} />}
        {route.view === 'memory' && <MemoryPage openId={route.memoryId} />}
      </main>
    </div>
  )
}

function Tasks({ openId }: { readonly openId: string | null }) {
  const place = useTaskPlaceHere()
  return (
    <TaskPlaceContext value={place}>
      <TasksView openId={openId} />
      {openId !== null && <TaskDrawer key={openId} id={openId} />}
    </TaskPlaceContext>
  )
}

function Schedules({ openId }: { readonly openId: string | null }) {
  const ui = useUiStore()
  const { go, setDialog } = ui.getState()
  return (
    <SchedulesView
      openId={openId}
      onOpen={(scheduleId) => go({ view: 'schedules', scheduleId })}
      onOpenTask={(taskId) => go({ view: 'tasks', taskId })}
      onNew={() => setDialog({ kind: 'new-task' })}
    />
  )
}

function Workflows({ openId }: { readonly openId: string | null }) {
  const ui = useUiStore()
  const { workspace } = useSelection()
  const { go } = ui.getState()
  return (
    <WorkflowsView
      openId={openId}
      onOpen={(workflowId) => go({ view: 'workflows', workflowId })}
      place={{ workspaceId: workspace?.id ?? null, onOpenTask: (taskId) => go({ view: 'tasks', taskId }), onOpenSession: (sessionId) => go({ view: 'session', sessionId }) }}
    />
  )
}

/** The same object while nothing of it changed: every card reads it. */
function useTaskPlaceHere(): TaskPlace {
  const ui = useUiStore()
  const { queries } = useServices()
  const workspaces = useQuery(queries.workspaces()).data?.items
  return useMemo(() => ({
    workspaceName: (id) => (id === null ? 'no folder' : (workspaces?.find((workspace) => workspace.id === id)?.name ?? 'unknown folder')),
    onOpen: (taskId) => ui.getState().go({ view: 'tasks', taskId }),
    onOpenSession: (sessionId) => ui.getState().go({ view: 'session', sessionId }),
    renderAgents: (runId) => <Agents key={runId} runId={runId} />,
    onOpenSchedule: (scheduleId) => ui.getState().go({ view: 'schedules', scheduleId }),
    onOpenWorkflows: () => ui.getState().go({ view: 'workflows', workflowId: null }),
    onNew: () => ui.getState().setDialog({ kind: 'new-task' }),
  }), [ui, workspaces])
}
