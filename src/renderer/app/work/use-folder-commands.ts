import { useCommands } from '../../lib/commands/use-commands'
import { useUiStore } from '../ui-context'
import { useSelection } from '../use-window-state'
import { useWork } from './work-context'
import type { SideView } from './work-store'

/** What can be done in the folder, wherever the focus is. */
export function useFolderCommands(): void {
  const ui = useUiStore()
  const { files, store } = useWork()
  const { workspace } = useSelection()
  const show = (view: SideView, selector: string): void => {
    if (window.matchMedia('(max-width: 899px)').matches) ui.getState().setDrawer('left')
    else ui.getState().setOpen('left', true)
    store.getState().setSideView(view)
    // The view may have to be loaded first.
    const focus = (tries: number): void => {
      const target = document.querySelector<HTMLElement>(selector)
      if (target !== null) target.focus()
      else if (tries > 0) setTimeout(() => focus(tries - 1), 50)
    }
    focus(40)
  }
  const has = <T>(handler: T): T | null => (workspace === null ? null : handler)
  useCommands({
    'files.quick-open': has(() => ui.getState().setDialog({ kind: 'quick-open', initial: '' })),
    'editor.go-to-line': workspace === null || files.tabsOf(workspace.id).active === null ? null : () => ui.getState().setDialog({ kind: 'quick-open', initial: ':' }),
    'files.show': has(() => show('files', '[role="tree"]')),
    'files.find': has(() => show('search', '[data-find-field]')),
    'terminal.toggle': has(() => store.getState().setTerminalOpen(!store.getState().isTerminalOpen)),
  })
}
