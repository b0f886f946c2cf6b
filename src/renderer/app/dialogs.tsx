import { lazy, Suspense } from 'react'
import { useFolderActions } from './sidebar'
import { useUi, useUiStore } from './ui-context'
import { useOpenFile, useWork } from './work/work-context'
import { useSelection } from './use-window-state'

const SettingsDialog = lazy(async () => ({ default: (await import('../features/settings/settings-dialog')).SettingsDialog }))
const Palette = lazy(async () => ({ default: (await import('./commands/palette')).Palette }))
const ShortcutSheet = lazy(async () => ({ default: (await import('./commands/shortcut-sheet')).ShortcutSheet }))
const ProposalDialog = lazy(async () => ({ default: (await import('./proposal-dialog')).ProposalDialog }))
const RestoreDialog = lazy(async () => ({ default: (await import('../features/checkpoints/restore/restore-dialog')).RestoreDialog }))
const BranchDialog = lazy(async () => ({ default: (await import('../features/checkpoints/branches/branch-dialog')).BranchDialog }))
const NameDialog = lazy(async () => ({ default: (await import('../features/checkpoints/name-dialog')).NameDialog }))
const UsageDialog = lazy(async () => ({ default: (await import('../features/usage/usage-dialog')).UsageDialog }))
const NewTask = lazy(async () => ({ default: (await import('./tasks/new-task')).NewTask }))
const TrustDialog = lazy(async () => ({ default: (await import('../features/workspace/trust-dialog')).TrustDialog }))
const FolderDialog = lazy(async () => ({ default: (await import('../features/workspace/folder-dialog')).FolderDialog }))
const QuickOpen = lazy(async () => ({ default: (await import('../features/editor/quick-open')).QuickOpen }))

export function Dialogs() {
  const ui = useUiStore()
  const dialog = useUi((state) => state.dialog)
  const { workspace, workspaceById, sessionId } = useSelection()
  const { onOpened } = useFolderActions()
  const { files } = useWork()
  const openFile = useOpenFile()
  const close = (): void => ui.getState().setDialog(null)
  const asked = dialog?.kind === 'trust' ? workspaceById(dialog.workspaceId) : null
  return (
    <Suspense fallback={null}>
      {dialog?.kind === 'settings' && <SettingsDialog workspace={workspace} section={dialog.section} onClose={close} />}
      {dialog?.kind === 'palette' && <Palette onClose={close} />}
      {dialog?.kind === 'shortcuts' && <ShortcutSheet onClose={close} onChange={() => ui.getState().setDialog({ kind: 'settings', section: 'shortcuts' })} />}
      {dialog?.kind === 'proposal' && <ProposalDialog link={dialog.link} onClose={close} />}
      {dialog?.kind === 'usage' && (
        <UsageDialog
          sessionId={sessionId}
          onClose={close}
          onOpenSession={(id) => {
            close()
            ui.getState().go({ view: 'session', sessionId: id })
          }}
        />
      )}
      {dialog?.kind === 'new-task' && <NewTask workspaceId={workspace?.id ?? null} onClose={close} />}
      {dialog?.kind === 'quick-open' && workspace !== null && openFile !== null && (
        <QuickOpen workspace={workspace} tabs={files.tabsOf(workspace.id)} initial={dialog.initial} onOpen={openFile} onClose={close} />
      )}
      {dialog?.kind === 'folder' && <FolderDialog onClose={close} onOpened={onOpened} />}
      {dialog?.kind === 'save-checkpoint' && <NameDialog sessionId={dialog.sessionId} onClose={close} />}
      {dialog?.kind === 'restore' && <RestoreDialog source={dialog.source} onClose={close} />}
      {dialog?.kind === 'branch' && (
        <BranchDialog checkpoint={dialog.checkpoint} onClose={close} onOpenSession={(sessionId) => ui.getState().go({ view: 'session', sessionId })} />
      )}
      {asked !== null && <TrustDialog key={asked.id} workspace={asked} onClose={close} />}
    </Suspense>
  )
}
