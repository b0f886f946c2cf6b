import { normalizeKeys } from './keys'

const everywhere: Readonly<Record<string, string>> = {
  Tab: 'moves to the next control', 'Shift+Tab': 'moves to the control before', Enter: 'presses what has the focus', Space: 'presses what has the focus',
  Escape: 'closes what is open', 'Mod+C': 'copies', 'Mod+V': 'pastes', 'Mod+X': 'cuts', 'Mod+Z': 'takes typing back', 'Mod+A': 'selects all',
  ArrowUp: 'moves in lists', ArrowDown: 'moves in lists', ArrowLeft: 'moves in lists', ArrowRight: 'moves in lists', Backspace: 'deletes', Delete: 'deletes',
}

const browsers: Readonly<Record<string, string>> = {
  'Mod+N': 'opens a window of the browser', 'Mod+T': 'opens a tab of the browser', 'Mod+W': 'closes the tab', 'Mod+Shift+N': 'opens a private window',
  'Mod+Shift+T': 'opens the closed tab again', 'Mod+Shift+W': 'closes the window', 'Mod+Tab': 'changes the tab', 'Mod+Shift+Tab': 'changes the tab',
  'Mod+PageUp': 'changes the tab', 'Mod+PageDown': 'changes the tab', 'Mod+Q': 'quits the browser', 'Alt+F4': 'closes the window', F11: 'shows the whole screen',
}

const macs: Readonly<Record<string, string>> = {
  'Mod+Q': 'quits the app', 'Mod+H': 'hides the app', 'Mod+M': 'minimises the window', 'Mod+Space': 'opens Spotlight', 'Mod+Tab': 'changes the app',
  'Mod+Shift+3': 'takes a picture of the screen', 'Mod+Shift+4': 'takes a picture of the screen', 'Mod+Shift+5': 'takes a picture of the screen',
}

const others: Readonly<Record<string, string>> = { 'Alt+F4': 'closes the window', 'Alt+Tab': 'changes the window', 'Ctrl+Alt+Delete': 'belongs to the system' }

export interface Machine {
  readonly isMac: boolean
  readonly isDesktop: boolean
}

/** What the combination does already, where Trestle would never get it or must not take it; else null. */
export function reservedFor(keys: string, { isMac, isDesktop }: Machine): string | null {
  const asked = normalizeKeys(keys)
  return everywhere[asked] ?? (isMac ? macs[asked] : others[asked]) ?? (isDesktop ? undefined : browsers[asked]) ?? null
}
