import type { DesktopState } from '#contract/desktop'
import { toAccelerator } from './accelerator'

export interface GlobalShortcuts {
  /** False when another app has it. May throw for what the system does not know. */
  register(accelerator: string, run: () => void): boolean
  unregister(accelerator: string): void
}

export interface QuickShortcut {
  /** Takes these keys instead of the ones before. */
  use(keys: string | null): void
  state(): DesktopState['quickPrompt']
}

export function createQuickShortcut(shortcuts: GlobalShortcuts, run: () => void): QuickShortcut {
  let current: { readonly accelerator: string | null; readonly state: DesktopState['quickPrompt'] } = { accelerator: null, state: { keys: null, state: 'off' } }
  const take = (keys: string): typeof current => {
    const accelerator = toAccelerator(keys)
    if (accelerator === null) return { accelerator: null, state: { keys, state: 'invalid' } }
    try {
      const isOurs = shortcuts.register(accelerator, run)
      return { accelerator: isOurs ? accelerator : null, state: { keys, state: isOurs ? 'active' : 'taken' } }
    } catch {
      return { accelerator: null, state: { keys, state: 'invalid' } }
    }
  }
  return {
    use: (keys) => {
      if (keys === current.state.keys && current.state.state === 'active') return
      if (current.accelerator !== null) shortcuts.unregister(current.accelerator)
      current = keys === null ? { accelerator: null, state: { keys: null, state: 'off' } } : take(keys)
    },
    state: () => current.state,
  }
}
