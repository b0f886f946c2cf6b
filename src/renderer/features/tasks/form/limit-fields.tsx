import { TextField } from '../../../components/field'
import type { FormErrors, TaskForm } from './task-form'

/** What it may use, and how often it is tried. Empty: no limit of its own. */
export function LimitFields({ form, errors, onChange }: {
  readonly form: TaskForm
  readonly errors: FormErrors | null
  readonly onChange: (patch: Partial<TaskForm>) => void
}) {
  const number = (field: 'maxCostUsd' | 'maxTokens' | 'maxMinutes' | 'attempts' | 'backoffSeconds', label: string) => (
    <TextField label={label} inputMode="decimal" value={form[field]} error={errors?.[field] ?? null} onChange={(event) => onChange({ [field]: event.target.value })} />
  )
  return (
    <div className="@container flex flex-col gap-3">
      <div className="grid gap-3 @md:grid-cols-3">{number('maxCostUsd', 'US dollars at most')}{number('maxTokens', 'Tokens at most')}{number('maxMinutes', 'Minutes at most')}</div>
      <div className="grid gap-3 @md:grid-cols-2">{number('attempts', 'Attempts')}{number('backoffSeconds', 'Seconds before the next attempt')}</div>
    </div>
  )
}
