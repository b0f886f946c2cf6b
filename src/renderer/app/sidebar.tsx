import { SessionList } from '../features/sessions/session-list'
import { useOpenFolder } from '../features/workspace/use-open-folder'
import type { Workspace } from '#contract/workspaces'
import { useUiStore } from './ui-context'
import { useOpenEntry } from './use-open-entry'
import { useNewSession, useSelection } from './use-window-state'

/** The sessions of all workspaces. */
export function Sessions() {
  const ui = useUiStore()
  const { sessionId, folder, workspaceName } = useSelection()
  const { isDisabled, reason, start } = useNewSession(folder)
  const { go } = ui.getState()
  const openEntry = useOpenEntry()
  return (
    <nav data-pane id="sessions" aria-label="Sessions" className="flex min-h-0 flex-1 flex-col bg-canvas">
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
