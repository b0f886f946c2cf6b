import { useQuery } from '@tanstack/react-query'
import type { Settings, SettingsPatch } from '#contract/settings'
import { SelectField } from '../../components/field'
import { usableModels } from '../../components/models/usable-models'
import { useServices } from '../../lib/services'

const modes = [
  { value: 'ask', label: 'Ask: reading runs, everything else asks' },
  { value: 'auto-edit', label: 'Auto-edit: edits in the folder run too' },
  { value: 'plan', label: 'Plan: reading only' },
] as const

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
    <div className="flex max-w-md flex-col gap-4">
      <SelectField label="Default model" value={chosen} choices={choices} onChange={(id) => onChange({ defaultModel: id === '' ? null : id })} />
      <SelectField label="Default mode" value={settings.defaultMode} choices={modes} onChange={(defaultMode) => onChange({ defaultMode })} />
      <p className="text-xs text-muted">New sessions start with these. Commands ask in every mode.</p>
    </div>
  )
}
