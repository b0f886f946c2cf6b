import { type Settings, type SettingsPatch, SettingsPatchSchema } from '#contract/settings'

/**
 * A form gives all values of its part of the settings, as they were shown when one of them was changed. That change alone, onto the settings
 * as they are now: what was changed meanwhile, beside it or by somebody else, stays.
 */
export function rebased(patch: SettingsPatch, shown: Settings, now: Settings): SettingsPatch {
  const before = new Map<string, unknown>(Object.entries(shown))
  const current = new Map<string, unknown>(Object.entries(now))
  return SettingsPatchSchema.parse(Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, onto(value, before.get(key), current.get(key))])))
}

function onto(value: unknown, before: unknown, now: unknown): unknown {
  if (!isPlain(value) || !isPlain(before) || !isPlain(now)) return value
  const changed = Object.entries(value).filter(([key, part]) => JSON.stringify(part) !== JSON.stringify(before[key]))
  const left = Object.entries(now).filter(([key]) => key in value || !(key in before))
  return Object.fromEntries([...left, ...changed])
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
