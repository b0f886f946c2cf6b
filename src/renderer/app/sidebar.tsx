import { SessionList } from '../features/sessions/session-list'
import { useOpenFolder } from '../features/workspace/use-open-folder'
import { WorkspaceSwitcher } from '../features/workspace/workspace-switcher'
import type { Workspace } from '#contract/workspaces'
import { useUiStore } from './ui-context'
import { useOpenEntry } from './use-open-entry'
import { useNewSession, useSelection } from './use-window-state'

export function Sidebar() {
  const ui = useUiStore()
  const { sessionId, folder, workspaceName } = useSelection()
  const { isDisabled, reason, start } = useNewSession(folder)
  const { ask, openPath } = useFolderActions()
  const { go } = ui.getState()
  const openEntry = useOpenEntry()
  return (
    <nav data-pane id="sessions" aria-label="Sessions" className="flex h-full min-h-0 flex-col bg-canvas">
      <WorkspaceSwitcher current={folder} onPick={(workspace) => openPath(workspace.path)} onOpenFolder={ask} />
      <SessionList
        selectedId={sessionId}
        workspaceName={workspaceName}
        onSelect={(id) => go({ view: 'session', sessionId: id })}
        onGone={(id) => id === sessionId && go({ view: 'home' })}
        onOpenFound={(id, entryId) => (entryId === null ? go({ view: 'session', sessionId: id }) : void openEntry(id, entryId))}
        onNew={() => start()}
        isNewDisabled={isDisabled}
        newDisabledReason={reason}
      />
    </nav>
  )
}

/** Opening a folder makes it the folder of new sessions, and asks about trust where that is open. */
export function useFolderActions() {
  const ui = useUiStore()
  const onOpened = (workspace: Workspace): void => {
    ui.getState().setWorkspace(workspace.id)
    ui.getState().setDialog(workspace.trusted ? null : { kind: 'trust', workspaceId: workspace.id })
  }
  return { onOpened, ...useOpenFolder({ onOpened, showBrowser: () => ui.getState().setDialog({ kind: 'folder' }) }) }
}
