import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCommands } from '../../lib/commands/use-commands'
import { createPaneCycle } from '../../lib/panes'
import { useServices } from '../../lib/services'
import { useFolderActions } from '../sidebar'
import { hasContext } from '../tasks/page-title'
import { useUi, useUiStore } from '../ui-context'
import type { Side } from '../ui-store'
import { useNewSession, useSelection } from '../use-window-state'
import { usePaletteLists } from './use-palette-lists'
import { useSessionListCommands } from './use-session-list-commands'
import { useSteppedSessions } from './use-stepped-sessions'

/** What the window itself can be told to do, whatever is shown in it. */
export function useWindowCommands({ toggle }: { readonly toggle: (side: Side) => void }): void {
  const ui = useUiStore()
  const route = useUi((state) => state.route)
  const { folder, workspace } = useSelection()
  const newSession = useNewSession(folder)
  const { ask } = useFolderActions()
  const { go, setDialog } = ui.getState()
  const { announcer } = useServices()
  const toggleAloud = (side: Side, name: string): void => {
    toggle(side)
    const { isOpen, drawer } = ui.getState()
    announcer.say(`${name} ${isOpen[side] || drawer === side ? 'shown' : 'hidden'}`)
  }
  const [panes] = useState(() => createPaneCycle(document))
  useCommands({
    'palette.open': () => setDialog({ kind: 'palette' }),
    'go.home': route.view === 'home' ? null : () => go({ view: 'home' }),
    'tasks.open': route.view === 'tasks' ? null : () => go({ view: 'tasks', taskId: null }),
    'schedules.open': route.view === 'schedules' ? null : () => go({ view: 'schedules', scheduleId: null }),
    'workflows.open': route.view === 'workflows' ? null : () => go({ view: 'workflows', workflowId: null }),
    'memory.open': route.view === 'memory' ? null : () => go({ view: 'memory', memoryId: null }),
    'task.new': () => setDialog({ kind: 'new-task' }),
    'go.next-pane': () => panes.move(1),
    'go.previous-pane': () => panes.move(-1),
    'session.new': newSession.isDisabled ? null : newSession.start,
    'view.left': () => toggleAloud('left', 'Sessions'),
    'view.right': hasContext(route) ? () => toggleAloud('right', 'Context') : null,
    'folder.open': ask,
    'folder.trust': workspace === null ? null : () => setDialog({ kind: 'trust', workspaceId: workspace.id }),
    'trestle.settings': () => setDialog({ kind: 'settings' }),
    'usage.open': () => setDialog({ kind: 'usage' }),
    'trestle.shortcuts': () => setDialog({ kind: 'shortcuts' }),
  })
  useSettingsCommands()
  useSessionCommands()
  usePaletteLists()
}

function useSettingsCommands(): void {
  const ui = useUiStore()
  const { orpc, queries, machine } = useServices()
  const { data: state } = useQuery(queries.work())
  const isPaused = state?.pausedAt !== null
  const isLocked = state?.lockedAt !== null
  const lockDown = useMutation(orpc.work.lockDown.mutationOptions())
  const lift = useMutation(orpc.work.lift.mutationOptions())
  const pause = useMutation(orpc.work.pause.mutationOptions())
  const resume = useMutation(orpc.work.resume.mutationOptions())
  const open = (section: string) => () => ui.getState().setDialog({ kind: 'settings', section })
  useCommands({
    'quick.open': () => void window.open('/quick', '_blank', machine.isDesktop ? '' : 'popup,width=640,height=520'),
    'work.pause': isPaused ? null : () => pause.mutate({}),
    'work.resume': isPaused && !isLocked ? () => resume.mutate({}) : null,
    'work.lock-down': isLocked ? null : () => lockDown.mutate({}),
    'work.lift': isLocked ? () => lift.mutate({}) : null,
    'settings.appearance': open('appearance'),
    'settings.models': open('models'),
    'settings.behavior': open('behavior'),
    'settings.memory': open('memory'),
    'settings.data': open('data'),
    'settings.about': open('about'),
  })
}

/** What can be done with the session that is shown. */
function useSessionCommands(): void {
  const ui = useUiStore()
  const { orpc, queries } = useServices()
  const { sessionId, session } = useSelection()
  const { go, setDialog } = ui.getState()
  const shown = session.data ?? null
  const runs = useQuery({ ...queries.runs(sessionId ?? ''), enabled: sessionId !== null && shown !== null && shown.status !== 'idle' })
  const running = shown === null ? undefined : runs.data?.items.find(({ state }) => state === 'running' || state === 'waiting')
  const cancel = useMutation(orpc.runs.cancel.mutationOptions())
  const step = useSteppedSessions(sessionId)
  useSessionListCommands(shown)
  useCommands({
    'composer.focus': sessionId === null ? null : focusComposer,
    'session.next': step === null ? null : () => step(1),
    'session.previous': step === null ? null : () => step(-1),
    'session.pop-out': sessionId === null ? null : () => void window.open(window.location.href, '_blank'),
    'session.stop': running === undefined ? null : () => cancel.mutate({ id: running.id }),
    'checkpoint.save': sessionId === null ? null : () => setDialog({ kind: 'save-checkpoint', sessionId }),
    'timeline.open': sessionId === null ? null : () => go({ view: 'timeline', sessionId, from: null, to: 'now' }),
  })
}

function focusComposer(): void {
  document.querySelector<HTMLElement>('#main [data-pane-start]')?.focus()
}
