import { SelectField, TextField } from '../../../components/field'
import { minutesWords, overlapWords } from '../../../lib/schedule-words'
import type { FormErrors, TaskForm } from './task-form'

const misfires = [
  { value: 'once', label: 'Make up for the newest' }, { value: 'all', label: 'Make up for all' },
  { value: 'skip', label: 'Leave them out' }, { value: 'ask', label: 'Ask me' },
] as const
const overlaps = [
  { value: 'skip', label: 'Leave the new one out' }, { value: 'queue', label: 'Let the new one wait' },
  { value: 'cancel', label: 'Stop the old one' }, { value: 'allow', label: 'Run both' },
] as const
const windows = ['15', '60', '360', '1440', '10080'] as const

/** What happens when a due time could not be kept, and when one runs into the next. */
export function PolicyFields({ form, errors, onChange }: {
  readonly form: TaskForm
  readonly errors: FormErrors | null
  readonly onChange: (patch: Partial<TaskForm>) => void
}) {
  const windowChoices = [...new Set<string>([...windows, form.windowMinutes])].map((value) => ({ value, label: minutesWords(Number(value)) }))
  return (
    <div className="grid gap-3 @md:grid-cols-2">
      <div className="flex flex-col gap-2">
        <SelectField
          label="If it was asleep or closed"
          value={form.misfire}
          choices={misfires}
          hint={form.misfire === 'skip' ? 'What went by is told as missed.' : form.misfire === 'ask' ? 'What went by waits in Needs you.' : null}
          onChange={(misfire) => onChange({ misfire })}
        />
        {form.misfire === 'once' && <SelectField label="If it is not older than" value={form.windowMinutes} choices={windowChoices} onChange={(windowMinutes) => onChange({ windowMinutes })} />}
        {form.misfire === 'all' && <TextField label="How many at most" hint="The oldest come first." inputMode="numeric" value={form.cap} error={errors?.cap ?? null} onChange={(event) => onChange({ cap: event.target.value })} />}
      </div>
      <SelectField label="While one still runs" value={form.overlap} choices={overlaps} hint={overlapWords(form.overlap)} onChange={(overlap) => onChange({ overlap })} />
    </div>
  )
}
