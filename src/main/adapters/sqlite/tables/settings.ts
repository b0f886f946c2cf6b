import type { Database } from 'better-sqlite3'
import { type Settings, SettingsSchema } from '#contract/settings'
import type { SettingsStore } from '#core/ports/store'

export function createSettingsStore(db: Database): SettingsStore {
  const select = db.prepare<[], string>('SELECT value FROM settings WHERE id = 1').pluck()
  const put = db.prepare<[string]>('INSERT INTO settings (id, value) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value')

  return {
    get() {
      const value = select.get()
      return value === undefined ? SettingsSchema.parse({}) : parseSettings(JSON.parse(value))
    },
    put(settings) {
      put.run(JSON.stringify(settings))
    },
  }
}

/** Another version may have saved values that this one does not take: those get their default, the others stay. */
function parseSettings(saved: Record<string, unknown>): Settings {
  const whole = SettingsSchema.safeParse(saved)
  if (whole.success) return whole.data
  const refused = new Set(whole.error.issues.map(({ path }) => path[0]))
  return SettingsSchema.parse(Object.fromEntries(Object.entries(saved).filter(([key]) => !refused.has(key))))
}
