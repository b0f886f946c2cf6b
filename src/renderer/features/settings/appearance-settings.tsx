import { AppearanceSchema, type Settings, type SettingsPatch, SettingsSchema } from '#contract/settings'
import { SchemaForm } from './form/schema-form'

const ThemeSchema = SettingsSchema.pick({ theme: true })

export function AppearanceSettings({ settings, onChange }: { readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  return (
    <div className="flex flex-col gap-4">
      <SchemaForm schema={ThemeSchema} value={settings} onChange={({ theme }) => onChange({ theme })} />
      <SchemaForm schema={AppearanceSchema} value={settings.appearance} onChange={(appearance) => onChange({ appearance })} />
      <p className="max-w-xl text-xs text-muted">“Like the system” follows its light and dark, and its wish for more contrast. The colours a system forces on all apps are kept.</p>
    </div>
  )
}
