import { useInfiniteQuery } from '@tanstack/react-query'
import { PanelLeft, PanelRight, Settings } from 'lucide-react'
import { IconButton } from '../components/button'
import { BranchMenu } from '../features/chat/branch-menu'
import { NeedsYou } from '../features/requests/needs-you'
import { SessionStatusDot } from '../features/sessions/session-status'
import { useTitleWithKeys } from '../lib/commands/use-bindings'
import { useServices } from '../lib/services'
import { hasContext, pageTitle } from './tasks/page-title'
import { useUi, useUiStore } from './ui-context'
import type { Side } from './ui-store'
import { useWaiting } from './use-waiting'
import { useSelection } from './use-window-state'

export function Header({ isNarrow, onToggle }: { readonly isNarrow: boolean; readonly onToggle: (side: Side) => void }) {
  const ui = useUiStore()
  const { session } = useSelection()
  const route = useUi((state) => state.route)
  const isOpen = useUi((state) => state.isOpen)
  const drawer = useUi((state) => state.drawer)
  const titleOf = useSessionTitles()
  const titled = useTitleWithKeys()
  const waiting = useWaiting()
  const isShown = (side: Side): boolean => (isNarrow ? drawer === side : isOpen[side])
  return (
    <header data-pane className="flex h-11 shrink-0 items-center gap-2 border-b border-line bg-canvas px-2">
      <IconButton label="Sessions pane" title={titled('Show or hide the sessions', 'view.left')} icon={<PanelLeft />} pressed={isShown('left')} onClick={() => onToggle('left')} />
      {session.data !== undefined && <SessionStatusDot status={session.data.status} />}
      <h1 className="min-w-0 flex-1 truncate font-semibold">{session.data?.title ?? pageTitle(route) ?? 'Trestle'}</h1>
      {session.data !== undefined && <BranchMenu session={session.data} />}
      <NeedsYou others={waiting} titleOf={titleOf} onOpenSession={(sessionId) => ui.getState().go({ view: 'session', sessionId })} />
      <IconButton label="Settings" title={titled('Settings', 'trestle.settings')} icon={<Settings />} onClick={() => ui.getState().setDialog({ kind: 'settings' })} />
      {hasContext(route) && <IconButton label="Context pane" title={titled('Show or hide the context', 'view.right')} icon={<PanelRight />} pressed={isShown('right')} onClick={() => onToggle('right')} />}
    </header>
  )
}

/** Titles of the sessions that are listed; an archived one is just called a session. */
function useSessionTitles(): (id: string) => string {
  const { queries } = useServices()
  const sessions = useInfiniteQuery({ ...queries.sessions('active'), select: (data) => data.pages.flatMap((page) => page.items) })
  return (id) => sessions.data?.find((session) => session.id === id)?.title ?? 'A session'
}
