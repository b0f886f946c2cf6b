import { z } from 'zod'
import { type Appearance, AppearanceSchema, type Settings, SettingsSchema } from '#contract/settings'
import type { LocalMemory } from './storage'

type Theme = Settings['theme']
const storageKey = 'look'
const LookSchema = z.object({ theme: SettingsSchema.shape.theme, appearance: AppearanceSchema })
type Look = z.infer<typeof LookSchema>

export interface ThemeControl {
  /** Applies the look and remembers it for the next start, before settings are loaded. */
  apply(theme: Theme, appearance: Appearance): void
  dispose(): void
}

/** Shows the remembered look at once and follows the system where the settings say so. */
export function startTheme(memory: LocalMemory): ThemeControl {
  const systems = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'].map((query) => window.matchMedia(query))
  const [dark, more] = systems
  let current = parseLook(memory.read(storageKey))

  function show(): void {
    const { dataset, style } = document.documentElement
    const { theme, appearance } = current
    const isSystem = theme === 'system'
    dataset['theme'] = (isSystem ? dark?.matches === true : theme === 'dark' || theme === 'contrast-dark') ? 'dark' : 'light'
    dataset['contrast'] = (isSystem ? more?.matches === true : theme === 'contrast-light' || theme === 'contrast-dark') ? 'more' : 'normal'
    dataset['density'] = appearance.density
    dataset['motion'] = appearance.motion
    style.fontSize = appearance.textPercent === 100 ? '' : `${appearance.textPercent}%`
    style.setProperty('--code-size', `${appearance.codePixels}px`)
  }

  show()
  for (const system of systems) system.addEventListener('change', show)
  return {
    apply: (theme, appearance) => {
      current = { theme, appearance }
      memory.write(storageKey, JSON.stringify(current))
      show()
    },
    dispose: () => systems.forEach((system) => system.removeEventListener('change', show)),
  }
}

function parseLook(text: string | null): Look {
  try {
    return LookSchema.parse(JSON.parse(text ?? '{}'))
  } catch {
    return LookSchema.parse({ appearance: {} })
  }
}
