import type { SettingsFile } from '#core/ports/settings-file'

/** A settings file in memory. `edit` is what somebody does with an editor. */
export function createMemorySettingsFile(initial: string | null = null): SettingsFile & { edit(text: string | null): void; readonly text: () => string | null } {
  let text = initial
  const listeners = new Set<() => void>()
  return {
    path: '/profile/settings.json',
    read: () => text,
    write: (next) => {
      text = next
    },
    watch: (onChange) => {
      listeners.add(onChange)
      return () => void listeners.delete(onChange)
    },
    edit: (next) => {
      text = next
      for (const listener of listeners) listener()
    },
    text: () => text,
  }
}
