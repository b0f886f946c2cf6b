import { useQuery } from '@tanstack/react-query'
import { TaskKindSchema } from '#contract/tasks'
import { SelectField, TextField } from '../../../components/field'
import { formatTime } from '../../../lib/format'
import { useLater } from '../../../lib/hooks'
import { useServices } from '../../../lib/services'
import { kindWords } from '../words'
import { type FormErrors, type TaskForm, zoneOf } from './task-form'
import { TextArea } from './text-area'

const misfires = [
  { value: 'once', label: 'Run once, if it is less than a day late' }, { value: 'all', label: 'Run all, the oldest first, ten at most' },
  { value: 'skip', label: 'Leave them' }, { value: 'ask', label: 'Ask me' },
] as const
const overlaps = [
  { value: 'skip', label: 'Leave the new one' }, { value: 'queue', label: 'Let the new one wait' },
  { value: 'cancel', label: 'Stop the old one' }, { value: 'allow', label: 'Run both' },
] as const

/** Once, at dates, or by a pattern. */
export function WhenFields({ form, errors, onChange }: {
  readonly form: TaskForm
  readonly errors: FormErrors | null
  readonly onChange: (patch: Partial<TaskForm>) => void
}) {
  const time = (field: 'notBefore' | 'deadline', label: string) => (
    <TextField label={label} type="datetime-local" value={form[field]} error={errors?.[field] ?? null} onChange={(event) => onChange({ [field]: event.target.value })} />
  )
  return (
    <>
      <SelectField label="How often" value={form.kind} choices={TaskKindSchema.options.map((value) => ({ value, label: kindWords[value] }))} onChange={(kind) => onChange({ kind })} />
      {form.kind === 'adhoc' && <div className="grid gap-3 sm:grid-cols-2">{time('notBefore', 'Not before')}{time('deadline', 'Not started after')}</div>}
      {form.kind === 'planned' && (
        <TextArea label="Dates and times" hint="One per line, like 2027-01-31T08:30" rows={2} value={form.dates} error={errors?.dates ?? null} onChange={(event) => onChange({ dates: event.target.value })} />
      )}
      {form.kind === 'scheduled' && (
        <>
          <TextField label="Pattern" placeholder="30 8 * * 1-5" hint="Minute, hour, day of the month, month, day of the week; @daily and the like" maxLength={200} value={form.cron} error={errors?.cron ?? null} onChange={(event) => onChange({ cron: event.target.value })} />
          <Preview form={form} />
        </>
      )}
      {form.kind !== 'adhoc' && (
        <div className="grid gap-3 sm:grid-cols-3">
          <TextField label="Time zone" placeholder={zoneOf({ timeZone: '' })} value={form.timeZone} error={errors?.timeZone ?? null} onChange={(event) => onChange({ timeZone: event.target.value })} />
          <SelectField label="Times that went by" value={form.misfire} choices={misfires} onChange={(misfire) => onChange({ misfire })} />
          <SelectField label="While one still runs" value={form.overlap} choices={overlaps} onChange={(overlap) => onChange({ overlap })} />
        </div>
      )}
    </>
  )
}

/** The pattern in words, with the next ten times; or what is wrong with it. */
function Preview({ form }: { readonly form: TaskForm }) {
  const { orpc } = useServices()
  const cron = useLater(form.cron.trim(), 250)
  const timeZone = useLater(zoneOf(form), 250)
  const preview = useQuery({ ...orpc.schedules.preview.queryOptions({ input: { cron, timeZone } }), enabled: cron !== '', staleTime: 0 }).data
  if (cron === '' || preview === undefined) return null
  if (preview.error !== null) return <p role="status" className="text-danger">{preview.error}</p>
  return (
    <div role="status" className="rounded-md bg-sunken px-3 py-2">
      <p className="font-medium">{preview.text}</p>
      <ol className="text-xs text-muted sm:columns-2">{preview.next.map((at) => <li key={at}>{formatTime(at)}</li>)}</ol>
    </div>
  )
}
