/** What of a keyboard event tells which keys are down; the DOM's event fits. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  getModifierState(key: 'AltGraph'): boolean
}

const modifierKeys: ReadonlySet<string> = new Set(['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'CapsLock', 'Fn', 'Dead', 'Process', 'Unidentified', 'OS'])

/**
 * The keys that are down as settings write them (`Mod+Shift+P`), or null while no whole combination is: only modifiers,
 * a dead key, an input method at work. Letters and digits of another script are taken by where they are on the keyboard.
 */
export function keysOf(press: KeyPress, isMac: boolean): string | null {
  if (modifierKeys.has(press.key) || press.key === '') return null
  const base = baseKey(press, isMac)
  if (base === null) return null
  // AltGr is how a sign is typed, not a combination.
  const isTyped = press.getModifierState('AltGraph')
  const mod = isMac ? press.metaKey : press.ctrlKey && !isTyped
  const parts = [
    ...(mod ? ['Mod'] : []),
    ...(isMac && press.ctrlKey ? ['Ctrl'] : []),
    ...(press.altKey && !isTyped ? ['Alt'] : []),
    ...(press.shiftKey && !isSign(base) ? ['Shift'] : []),
    base,
  ]
  return !isMac && press.metaKey ? null : parts.join('+')
}

function baseKey({ key, code, altKey }: KeyPress, isMac: boolean): string | null {
  if (key === ' ') return 'Space'
  if (key === '+') return 'Plus'
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if ([...key].length > 1) return /^[A-Z][A-Za-z0-9]{1,15}$/.test(key) ? key : null
  if (/^[a-z]$/i.test(key)) return key.toUpperCase()
  // With Option a Mac types another sign; other scripts have other letters on the same key.
  if (letter !== undefined && ((isMac && altKey) || /\p{L}/u.test(key))) return letter
  const digit = /^Digit([0-9])$/.exec(code)?.[1]
  return isMac && altKey && digit !== undefined ? digit : key
}

/** A sign already says whether Shift was needed to type it. */
function isSign(base: string): boolean {
  return base === 'Plus' || (base.length === 1 && !/^[A-Z0-9]$/.test(base))
}

const order = ['Mod', 'Ctrl', 'Alt', 'Shift'] as const

/** One way to write each combination, so that equal ones are equal texts. */
export function normalizeKeys(keys: string): string {
  const parts = keys.split('+')
  const base = parts.at(-1) ?? ''
  return [...order.filter((modifier) => parts.slice(0, -1).includes(modifier)), base.length === 1 ? base.toUpperCase() : base].join('+')
}

const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' }
const keyWords: Readonly<Record<string, string>> = {
  ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', Delete: 'Del', PageUp: 'Page Up', PageDown: 'Page Down', Plus: '+',
}
const macWords: Readonly<Record<string, string>> = { Enter: '↩', Backspace: '⌫', Escape: '⎋', Tab: '⇥' }

/** As the keys of this machine are labelled, one part per key. */
export function keyLabels(keys: string, isMac: boolean): readonly string[] {
  const parts = keys.split('+')
  return parts.map((part, index) => {
    if (index < parts.length - 1) return isMac ? (macSigns[part] ?? part) : part === 'Mod' ? 'Ctrl' : part
    return (isMac ? macWords[part] : undefined) ?? keyWords[part] ?? part
  })
}

export function keysText(keys: string, isMac: boolean): string {
  return keyLabels(keys, isMac).join(isMac ? '' : '+')
}

/** For `aria-keyshortcuts`. */
export function ariaKeys(keys: string, isMac: boolean): string {
  return keys.split('+').map((part) => (part === 'Mod' ? (isMac ? 'Meta' : 'Control') : part === 'Ctrl' ? 'Control' : part)).join('+')
}

/** Whether the combination types something, so that it belongs to the field that has the focus. */
export function typesText(keys: string, isMac: boolean): boolean {
  const parts = keys.split('+')
  const modifiers = parts.slice(0, -1)
  if (modifiers.includes('Mod') || modifiers.includes('Ctrl')) return false
  const base = parts.at(-1) ?? ''
  if (/^F\d{1,2}$/.test(base)) return false
  // Option types signs on a Mac, and moves by words in every field.
  if (modifiers.includes('Alt')) return isMac
  return true
}
