import { commandCatalogue, type CommandGroup, type CommandId, commandIds } from '#contract/commands'
import { toAccelerator } from './accelerator'

export type MenuEntry =
  | { readonly kind: 'command'; readonly id: CommandId; readonly label: string; readonly accelerator: string | null }
  | { readonly kind: 'role'; readonly role: MenuRole }
  | { readonly kind: 'line' }
export type MenuRole = 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'selectAll' | 'minimize' | 'close' | 'quit' | 'reload' | 'togglefullscreen' | 'hide' | 'hideOthers' | 'services' | 'about'

export interface AppMenu {
  readonly label: string
  readonly entries: readonly MenuEntry[]
}

const line: MenuEntry = { kind: 'line' }
const role = (name: MenuRole): MenuEntry => ({ kind: 'role', role: name })

/**
 * The menu of the application, from the same table as the palette, without what only the board offers. Accelerators are shown
 * only: the window itself handles the keys, so that a shortcut means the same in both hosts.
 */
export function appMenu({ shortcuts, isMac }: { readonly shortcuts: Readonly<Record<string, readonly string[]>>; readonly isMac: boolean }): readonly AppMenu[] {
  const command = (id: CommandId): MenuEntry => {
    const [keys] = shortcuts[id] ?? commandCatalogue[id].keys ?? []
    return { kind: 'command', id, label: commandCatalogue[id].title, accelerator: keys === undefined ? null : toAccelerator(keys) }
  }
  const group = (...groups: readonly CommandGroup[]): MenuEntry[] => commandIds.filter((id) => groups.includes(commandCatalogue[id].group) && commandCatalogue[id].only !== 'board').map(command)
  const trestle = group('Trestle')
  return [
    isMac
      ? { label: 'Trestle', entries: [role('about'), line, ...trestle, line, role('services'), role('hide'), role('hideOthers'), line, role('quit')] }
      : { label: 'Trestle', entries: [...trestle, line, role('quit')] },
    { label: 'Session', entries: [...group('Session'), line, ...group('Message'), line, role('close')] },
    { label: 'Tasks', entries: group('Tasks') },
    { label: 'Edit', entries: [role('undo'), role('redo'), line, role('cut'), role('copy'), role('paste'), role('selectAll')] },
    { label: 'Folder', entries: group('Folder') },
    { label: 'View', entries: [...group('View'), line, role('togglefullscreen')] },
    { label: 'Go', entries: group('Go to') },
    { label: 'Window', entries: [role('minimize')] },
  ]
}
