import { useQuery } from '@tanstack/react-query'
import { useEffect, useLayoutEffect } from 'react'
import { Drawer } from '../components/drawer'
import { useMediaQuery } from '../lib/hooks'
import { useServices } from '../lib/services'
import { Banners } from './banners'
import { Conversation } from './conversation'
import { Dialogs } from './dialogs'
import { Header } from './header'
import { Inspector } from './inspector'
import { Panels } from './panels'
import type { Action } from './shortcuts'
import { Sidebar } from './sidebar'
import { StatusBar } from './status-bar'
import { TimelinePage } from './timeline-page'
import { useUi, useUiStore } from './ui-context'
import type { Side } from './ui-store'
import { useNewSession, useRouteFromAddress, useSelection, useShortcuts } from './use-window-state'

/** The whole window: header, sessions, conversation, context, status. */
export function Shell() {
  const ui = useUiStore()
  const isNarrow = useMediaQuery('(max-width: 899px)')
  const drawer = useUi((state) => state.drawer)
  const { folder, session, sessionId } = useSelection()
  const route = useUi((state) => state.route)
  const { start } = useNewSession(folder)
  const hasRoom = useMediaQuery('(min-width: 1040px)')
  useRouteFromAddress()
  useThemeSetting()

  const toggle = (side: Side): void => {
    if (!isNarrow) ui.getState().toggle(side)
    else ui.getState().setDrawer(ui.getState().drawer === side ? null : side)
  }
  const run = (action: Action): void => {
    switch (action) {
      case 'toggle-left': return toggle('left')
      case 'toggle-right': return toggle('right')
      case 'new-session': return start()
      case 'open-settings': return ui.getState().setDialog({ kind: 'settings' })
      case 'save-checkpoint': return sessionId === null ? undefined : ui.getState().setDialog({ kind: 'save-checkpoint', sessionId })
      case 'open-timeline': return sessionId === null ? undefined : ui.getState().go({ view: 'timeline', sessionId, from: null, to: 'now' })
    }
  }
  useShortcuts(run)
  useLayoutEffect(() => ui.getState().fit(hasRoom), [ui, hasRoom])
  useEffect(() => {
    document.title = session.data === undefined ? 'Trestle' : `${session.data.title} – Trestle`
  }, [session.data])

  const conversation = <Conversation />
  return (
    <div className="flex h-full flex-col">
      <Header isNarrow={isNarrow} onToggle={toggle} />
      <Banners />
      {route.view === 'timeline' || route.view === 'branches'
        ? <TimelinePage key={route.sessionId} route={route} />
        : isNarrow ? <div className="flex min-h-0 flex-1">{conversation}</div> : <Panels left={<Sidebar />} middle={conversation} right={<Inspector />} />}
      <StatusBar />
      {isNarrow && drawer !== null && (
        <Drawer side={drawer} label={drawer === 'left' ? 'Sessions' : 'Context'} onClose={() => ui.getState().setDrawer(null)}>
          {drawer === 'left' ? <Sidebar /> : <Inspector />}
        </Drawer>
      )}
      <Dialogs />
    </div>
  )
}

function useThemeSetting(): void {
  const { queries, theme } = useServices()
  const setting = useQuery(queries.settings()).data?.theme
  useEffect(() => {
    if (setting !== undefined) theme.apply(setting)
  }, [setting, theme])
}
