import { Suspense, useEffect, useLayoutEffect } from 'react'
import { Drawer } from '../components/drawer'
import { Skeleton } from '../components/feedback'
import { later } from '../components/later'
import { useMediaQuery } from '../lib/hooks'
import { Banners } from './banners'
import { LiveRegion, SkipLinks } from './access'
import { useWindowCommands } from './commands/use-window-commands'
import { Conversation } from './conversation'
import { Dialogs } from './dialogs'
import { Header } from './header'
import { Inspector } from './inspector'
import { useInstructions } from './use-instructions'
import { Panels } from './panels'
import { StatusBar } from './status-bar'
import { useThemeSetting } from './use-theme-setting'
import { useUi, useUiStore } from './ui-context'
import type { Side } from './ui-store'
import { SideBar } from './work/side-bar'
import { useHasFiles, WorkArea } from './work/work-area'
import { useRouteFromAddress, useSelection } from './use-window-state'
import { pageTitle } from './tasks/page-title'

const loading = <Skeleton rows={6} label="Loading" className="flex-1 p-6" />
const TimelinePage = later(async () => (await import('./timeline-page')).TimelinePage, loading)
const WorkPage = later(async () => (await import('./tasks/work-page')).WorkPage, loading)

/** The whole window: header, sessions, conversation, context, status. */
export function Shell() {
  const ui = useUiStore()
  const isNarrow = useMediaQuery('(max-width: 899px)')
  const drawer = useUi((state) => state.drawer)
  const { session } = useSelection()
  const route = useUi((state) => state.route)
  const hasRoom = useMediaQuery('(min-width: 1040px)')
  useRouteFromAddress()
  useThemeSetting()
  useInstructions()

  const toggle = (side: Side): void => {
    if (!isNarrow) ui.getState().toggle(side)
    else ui.getState().setDrawer(ui.getState().drawer === side ? null : side)
  }
  useWindowCommands({ toggle })
  const hasFiles = useHasFiles()
  const isWide = useMediaQuery('(min-width: 1500px)')
  const hasRoomForContext = hasRoom && (isWide || !hasFiles)
  useLayoutEffect(() => ui.getState().fit(hasRoomForContext), [ui, hasRoomForContext])
  useEffect(() => {
    const title = session.data?.title ?? pageTitle(route)
    document.title = title === null ? 'Trestle' : `${title} – Trestle`
  }, [session.data, route])

  const conversation = <WorkArea conversation={<Conversation />} />
  return (
    <div className="flex h-full flex-col">
      <SkipLinks />
      <Header isNarrow={isNarrow} onToggle={toggle} />
      <Banners />
      <Suspense fallback={loading}>
        {route.view === 'timeline' || route.view === 'branches'
          ? <TimelinePage key={route.sessionId} route={route} />
          : route.view === 'tasks' || route.view === 'schedules' || route.view === 'workflows' || route.view === 'memory'
            ? <WorkPage route={route} isNarrow={isNarrow} />
            : isNarrow ? <div className="flex min-h-0 flex-1">{conversation}</div> : <Panels left={<SideBar />} middle={conversation} right={<Inspector />} />}
      </Suspense>
      <StatusBar />
      {isNarrow && drawer !== null && (
        <Drawer side={drawer} label={drawer === 'left' ? 'Sessions' : 'Context'} onClose={() => ui.getState().setDrawer(null)}>
          {drawer === 'left' ? <SideBar /> : <Inspector />}
        </Drawer>
      )}
      <Dialogs />
      <LiveRegion />
    </div>
  )
}
