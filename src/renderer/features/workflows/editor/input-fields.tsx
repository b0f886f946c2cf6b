import { useState } from 'react'
import type { WorkflowInput, WorkflowValue } from '#contract/workflows'
import { SelectField, TextField } from '../../../components/field'
import { kindWords } from '../words'
import { Check, type ErrorAt } from './parts'

const kinds = ['text', 'number', 'yes_no', 'choice'] as const

/** One input: what it is called, of what kind it is, and what it is when none is given. */
export function InputFields({ input, number, path, errorAt, onChange }: {
  readonly input: WorkflowInput
  readonly number: number
  readonly path: string
  readonly errorAt: ErrorAt
  readonly onChange: (input: WorkflowInput) => void
}) {
  const [choices, setChoices] = useState(input.choices.join(', '))
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-3">
        <TextField label={`Name of input ${number}`} hint={`{{${input.name}}} in texts`} value={input.name} maxLength={40} error={errorAt(`${path}.name`)} onChange={(event) => onChange({ ...input, name: event.target.value })} />
        <TextField label={`What people see of input ${number}`} placeholder={input.name} value={input.title} maxLength={200} onChange={(event) => onChange({ ...input, title: event.target.value })} />
        <SelectField label={`Kind of input ${number}`} value={input.kind} choices={kinds.map((value) => ({ value, label: kindWords[value] }))} onChange={(kind) => onChange({ ...input, kind, default: null })} />
      </div>
      <div className="grid items-end gap-3 sm:grid-cols-2">
        {input.kind === 'choice' && (
          <TextField
            label={`Choices of input ${number}`}
            hint="Separated by commas"
            value={choices}
            error={errorAt(`${path}.choices`)}
            onChange={(event) => {
              setChoices(event.target.value)
              onChange({ ...input, choices: event.target.value.split(',').map((choice) => choice.trim()).filter((choice) => choice !== '').slice(0, 50) })
            }}
          />
        )}
        {input.kind === 'yes_no'
          ? <Check label="Yes, unless it is said otherwise" checked={input.default === true} onChange={(checked) => onChange({ ...input, default: checked })} />
          : (
            <TextField
              label={`Default of input ${number}`}
              value={input.default === null ? '' : String(input.default)}
              maxLength={2_000}
              error={errorAt(`${path}.default`)}
              onChange={(event) => onChange({ ...input, default: readValue(input.kind, event.target.value) })}
            />
          )}
      </div>
      {input.kind !== 'yes_no' && <Check label={`Input ${number} must be given`} checked={input.required} onChange={(required) => onChange({ ...input, required })} />}
    </>
  )
}

/** Empty: there is none. What is no number stays as it is typed, and is told of. */
function readValue(kind: WorkflowInput['kind'], text: string): WorkflowValue | null {
  if (text === '') return null
  return kind === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) && String(Number(text)) === text.trim() ? Number(text) : text
}
