import { useQuery } from '@tanstack/react-query'
import { type Settings, type SettingsPatch, SettingsSchema } from '#contract/settings'
import { SelectField } from '../../components/field'
import { usableModels } from '../../components/models/usable-models'
import { useServices } from '../../lib/services'
import { SchemaForm } from './form/schema-form'

const DefaultsSchema = SettingsSchema.pick({ defaultMode: true, maxConcurrentRuns: true })

export function GeneralSettings({ settings, onChange }: { readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  const { queries } = useServices()
  const models = useQuery(queries.models())
  const usable = usableModels(models.data?.items ?? [], settings)
  const chosen = settings.defaultModel ?? ''
  const isKnown = chosen === '' || usable.some((model) => model.id === chosen)
  const choices = [
    { value: '', label: 'None chosen' },
    ...(isKnown ? [] : [{ value: chosen, label: `${chosen} (not available now)` }]),
    ...usable.map((model) => ({ value: model.id, label: `${model.name} (${model.provider})` })),
  ]
  return (
    <div className="flex max-w-xl flex-col gap-4">
      <SelectField label="Default model" value={chosen} choices={choices} onChange={(id) => onChange({ defaultModel: id === '' ? null : id })} />
      <SchemaForm schema={DefaultsSchema} value={settings} onChange={({ defaultMode, maxConcurrentRuns }) => onChange({ defaultMode, maxConcurrentRuns })} />
      <p className="text-xs text-muted">New sessions start with this model and mode. Commands ask in every mode.</p>
    </div>
  )
}
