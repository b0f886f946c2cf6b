import { LearningSettingsSchema, MemorySettingsSchema, type Settings, type SettingsPatch } from '#contract/settings'
import { SchemaForm } from '../form/schema-form'
import { RetentionRules } from './retention-rules'

const ModelSchema = MemorySettingsSchema.omit({ retention: true })

/** How agents use the memory and learn, what it is searched by, and what is kept. */
export function MemorySettings({ settings: { learning, memory }, onChange }: { readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  return (
    <div className="flex flex-col gap-6">
      <SchemaForm schema={LearningSettingsSchema} value={learning} onChange={(next) => onChange({ learning: next })} />
      <section aria-labelledby="memory-search">
        <h4 id="memory-search" className="mb-2 text-sm font-semibold">Search and what is sent</h4>
        <SchemaForm schema={ModelSchema} value={memory} onChange={(next) => onChange({ memory: { ...memory, ...next } })} />
      </section>
      <RetentionRules key={JSON.stringify(memory.retention)} saved={memory.retention} onSave={(retention) => onChange({ memory: { ...memory, retention } })} />
    </div>
  )
}
