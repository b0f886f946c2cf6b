import type { CommandId } from '#contract/commands'
import type { Bindings } from './bindings'
import { keysOf, typesText } from './keys'
import type { CommandRegistry } from './registry'

export interface ShortcutOptions {
  readonly commands: Pick<CommandRegistry, 'run' | 'available'>
  readonly bindings: () => Bindings
  readonly isMac: boolean
}

export interface Shortcuts {
  /** For a part that takes the keyboard itself (a terminal, an editor): whether it should leave this press to the window. */
  takes(press: KeyboardEvent): boolean
  handle(press: KeyboardEvent): void
}

/** The keyboard of the window. A dialog keeps it to itself; a field keeps what types; what was handled already stays so. */
export function createShortcuts({ commands, bindings, isMac }: ShortcutOptions): Shortcuts {
  const find = (press: KeyboardEvent): CommandId | null => {
    // Alt opens a list of choices, on every system.
    if (press.isComposing || (press.altKey && press.target instanceof HTMLSelectElement)) return null
    const keys = keysOf(press, isMac)
    if (keys === null) return null
    const available = commands.available.get()
    const id = bindings().commandOf(keys, (candidate) => available.has(candidate))
    if (id === null || !available.has(id)) return null
    return typesText(keys, isMac) && takesText(press.target) ? null : id
  }
  return {
    takes: (press) => find(press) !== null,
    handle: (press) => {
      if (press.defaultPrevented || isDialogOpen()) return
      const id = find(press)
      if (id === null) return
      press.preventDefault()
      if (!press.repeat || id.startsWith('go.') || stepping.has(id)) commands.run(id)
    },
  }
}

/** What a held key does again and again. */
const stepping: ReadonlySet<CommandId> = new Set(['board.down', 'board.up', 'board.left', 'board.right'])

const quietInputs: ReadonlySet<string> = new Set(['button', 'checkbox', 'radio', 'range', 'color', 'file', 'image', 'reset', 'submit'])

/** Whether what has the focus is written into, or reads letters to find its own items. */
function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !quietInputs.has(target.type)
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable) return true
  return target.closest('[role="textbox"],[role="menu"],[role="listbox"],[role="tree"],[role="combobox"]') !== null
}

function isDialogOpen(): boolean {
  return document.querySelector('dialog:modal') !== null
}
