export type Action = 'toggle-left' | 'toggle-right' | 'new-session' | 'open-settings' | 'save-checkpoint' | 'open-timeline'

export interface Shortcut {
  readonly action: Action
  /** With Ctrl, or Cmd on a Mac. Compared with `KeyboardEvent.key` in lower case. */
  readonly key: string
  /** With Shift as well. */
  readonly shift?: true
  readonly label: string
}

/** Every shortcut of the window: what is pressed and what it does. */
export const shortcuts: readonly Shortcut[] = [
  { action: 'toggle-left', key: 'b', label: 'Show or hide the sessions' },
  { action: 'toggle-right', key: 'j', label: 'Show or hide the context' },
  { action: 'new-session', key: 'n', label: 'New session' },
  { action: 'open-settings', key: ',', label: 'Settings' },
  { action: 'save-checkpoint', key: 's', shift: true, label: 'Save a checkpoint' },
  { action: 'open-timeline', key: 'h', shift: true, label: 'Timeline and comparison' },
]

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

export function actionOf(press: KeyPress, isMac: boolean): Action | null {
  const hasModifier = isMac ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey
  if (!hasModifier || press.altKey) return null
  return shortcuts.find((shortcut) => shortcut.key === press.key.toLowerCase() && (shortcut.shift ?? false) === press.shiftKey)?.action ?? null
}
