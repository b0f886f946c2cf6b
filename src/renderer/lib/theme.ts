import type { Settings } from '#contract/settings'
import type { LocalMemory } from './storage'

type Theme = Settings['theme']
const storageKey = 'theme'

export interface ThemeControl {
  /** Applies the theme and remembers it for the next start, before settings are loaded. */
  apply(theme: Theme): void
  dispose(): void
}

/** Shows the remembered theme at once and follows the system where the setting says so. */
export function startTheme(memory: LocalMemory): ThemeControl {
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const remembered = memory.read(storageKey)
  let current: Theme = remembered === 'light' || remembered === 'dark' ? remembered : 'system'

  function show(): void {
    const isDark = current === 'dark' || (current === 'system' && dark.matches)
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
  }

  show()
  dark.addEventListener('change', show)
  return {
    apply: (theme) => {
      current = theme
      memory.write(storageKey, theme)
      show()
    },
    dispose: () => dark.removeEventListener('change', show),
  }
}
