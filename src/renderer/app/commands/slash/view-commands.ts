import type { SlashCommand } from '../../../features/chat/composer/slash-command'
import { useUiStore } from '../../ui-context'
import type { RightTab } from '../../ui-store'

/** Ways to other parts of the window. */
export function useViewCommands(): readonly SlashCommand[] {
  const ui = useUiStore()
  const show = (tab: RightTab) => (): void => {
    ui.getState().setRightTab(tab)
    if (window.matchMedia('(max-width: 899px)').matches) ui.getState().setDrawer('right')
    else ui.getState().setOpen('right', true)
  }
  return [
    { name: 'context', description: 'Show what the model is sent', run: show('context') },
    { name: 'changes', description: 'Show what was changed in the folder', run: show('changes') },
    { name: 'timeline', description: 'Show the checkpoints', run: show('timeline') },
    { name: 'usage', description: 'Show tokens and cost', run: () => ui.getState().setDialog({ kind: 'usage' }) },
    { name: 'settings', description: 'Open the settings', run: () => ui.getState().setDialog({ kind: 'settings' }) },
  ]
}
