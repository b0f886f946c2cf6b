const names: Readonly<Record<string, string>> = {
  Mod: 'CommandOrControl', Ctrl: 'Control', ArrowUp: 'Up', ArrowDown: 'Down', ArrowLeft: 'Left', ArrowRight: 'Right', Escape: 'Esc', Enter: 'Return',
}
const known = /^(?:[A-Z0-9]|F(?:[1-9]|1\d|2[0-4])|Space|Tab|Plus|Backspace|Delete|Insert|Up|Down|Left|Right|Home|End|PageUp|PageDown|Esc|Return|[!-/:-@[-`{-~])$/

/** A combination as Electron writes it; null for keys that it does not know. */
export function toAccelerator(keys: string): string | null {
  const parts = keys.split('+').map((part) => names[part] ?? part)
  return known.test(parts.at(-1) ?? '') ? parts.join('+') : null
}
