import { useState } from 'react'
import { type CheckpointSettings, CheckpointSettingsSchema } from '#contract/settings'
import { TextField } from '../../components/field'

interface LimitField {
  readonly key: Exclude<keyof CheckpointSettings, 'automatic'>
  readonly label: string
  readonly hint: string
}

const fields: readonly LimitField[] = [
  { key: 'maxStoreGigabytes', label: 'Gigabytes', hint: 'Of the whole store.' },
  { key: 'maxAgeDays', label: 'Days', hint: 'Older files are let go.' },
  { key: 'maxFileMegabytes', label: 'Megabytes of one file', hint: 'Larger ones are not covered.' },
  { key: 'maxFiles', label: 'Files of one folder', hint: 'More are not covered.' },
]

/** What the store may hold, and what a checkpoint covers. */
export function CheckpointLimits({ checkpoints, onChange }: { readonly checkpoints: CheckpointSettings; readonly onChange: (checkpoints: CheckpointSettings) => void }) {
  return (
    <div className="flex flex-col gap-3">
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={checkpoints.automatic} onChange={(event) => onChange({ ...checkpoints, automatic: event.target.checked })} className="accent-accent" />
        Take checkpoints before and after turns, and before commands
      </label>
      <div className="grid gap-3 sm:grid-cols-2">
        {fields.map((field) => <LimitInput key={`${field.key} ${checkpoints[field.key]}`} field={field} checkpoints={checkpoints} onSave={onChange} />)}
      </div>
    </div>
  )
}

function LimitInput({ field, checkpoints, onSave }: {
  readonly field: LimitField
  readonly checkpoints: CheckpointSettings
  readonly onSave: (checkpoints: CheckpointSettings) => void
}) {
  const stored = checkpoints[field.key]
  const [text, setText] = useState(String(stored))
  const parsed = CheckpointSettingsSchema.safeParse({ ...checkpoints, [field.key]: text.trim() === '' ? null : Number(text) })
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
