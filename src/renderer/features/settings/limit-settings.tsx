import { useState } from 'react'
import { type Limits, LimitsSchema, type Settings, type SettingsPatch } from '#contract/settings'
import { TextField } from '../../components/field'

interface LimitField {
  readonly key: keyof Limits
  readonly label: string
  readonly hint: string
}

const fields: readonly LimitField[] = [
  { key: 'maxSteps', label: 'Steps', hint: 'Model calls and tool calls of one turn.' },
  { key: 'maxMinutes', label: 'Minutes', hint: 'Longest time of one turn.' },
  { key: 'maxTokens', label: 'Tokens', hint: 'Of one turn, in and out. Empty: no limit.' },
  { key: 'maxCostUsd', label: 'US dollars', hint: 'Of one turn. Empty: no limit.' },
  { key: 'maxDepth', label: 'Depth', hint: 'How many levels of agents may start agents.' },
]

/** A turn that reaches one of these stops and says so; what it did until then is kept. */
export function LimitSettings({ settings, onChange }: { readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  return (
    <div className="flex max-w-md flex-col gap-3">
      {fields.map((field) => (
        <LimitInput key={`${field.key} ${settings.limits[field.key]}`} field={field} limits={settings.limits} onSave={(limits) => onChange({ limits })} />
      ))}
    </div>
  )
}

function LimitInput({ field, limits, onSave }: { readonly field: LimitField; readonly limits: Limits; readonly onSave: (limits: Limits) => void }) {
  const stored = limits[field.key]
  const [text, setText] = useState(stored === null ? '' : String(stored))
  const parsed = LimitsSchema.safeParse({ ...limits, [field.key]: text.trim() === '' ? null : Number(text) })
  const commit = (): void => {
    if (parsed.success && parsed.data[field.key] !== stored) onSave(parsed.data)
  }
  return (
    <TextField
      label={field.label}
      inputMode="decimal"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
      hint={field.hint}
      error={parsed.success ? null : 'This limit takes a number in its range; the old one still counts.'}
    />
  )
}
