import { useCommands } from '../../lib/commands/use-commands'
import { useUiStore } from '../ui-context'
import { useSelection } from '../use-window-state'
import { useShowSide } from './use-show-side'
import { useWork } from './work-context'

/** What can be done in the folder, wherever the focus is. */
export function useFolderCommands(): void {
  const ui = useUiStore()
  const { files, store } = useWork()
  const { workspace } = useSelection()
  const showSide = useShowSide()
  const has = <T>(handler: T): T | null => (workspace === null ? null : handler)
  useCommands({
    'files.quick-open': has(() => ui.getState().setDialog({ kind: 'quick-open', initial: '' })),
    'editor.go-to-line': workspace === null || files.tabsOf(workspace.id).active === null ? null : () => ui.getState().setDialog({ kind: 'quick-open', initial: ':' }),
    'files.show': has(() => showSide('files', '[role="tree"]')),
    'files.find': has(() => showSide('search', '[data-find-field]')),
    'terminal.toggle': has(() => store.getState().setTerminalOpen(!store.getState().isTerminalOpen)),
  })
}
