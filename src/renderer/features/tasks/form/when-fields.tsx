import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { TaskKindSchema } from '#contract/tasks'
import { inputStyle, SelectField, TextField } from '../../../components/field'
import { ZonedTime } from '../../../components/zoned-time'
import { useLater } from '../../../lib/hooks'
import { useServices } from '../../../lib/services'
import { instantOf, isZone, knownZones } from '../../../lib/zones'
import { kindWords } from '../words'
import { DatesField } from './dates-field'
import { PolicyFields } from './policy-fields'
import { type FormErrors, type TaskForm, zoneOf } from './task-form'

interface Props {
  readonly form: TaskForm
  readonly errors: FormErrors | null
  readonly onChange: (patch: Partial<TaskForm>) => void
}

/** Once, at dates, or by a pattern. */
export function WhenFields(props: Props) {
  const { form, errors, onChange } = props
  return (
    <div className="@container flex flex-col gap-3">
      <SelectField label="How often" value={form.kind} choices={TaskKindSchema.options.map((value) => ({ value, label: kindWords[value] }))} onChange={(kind) => onChange({ kind })} />
      {form.kind === 'adhoc' && <div className="grid gap-3 @md:grid-cols-2"><TimeField field="notBefore" label="Not before" {...props} /><TimeField field="deadline" label="Not started after" {...props} /></div>}
      {form.kind === 'planned' && <DatesField {...props} />}
      {form.kind === 'scheduled' && (
        <>
          <TextField
            label="Pattern"
            placeholder="30 8 * * 1-5"
            hint="Minute, hour, day of the month, month, day of the week; seconds may come first. @daily and the like."
            maxLength={200}
            value={form.cron}
            error={errors?.cron ?? null}
            onChange={(event) => onChange({ cron: event.target.value })}
          />
          <Examples onPick={(cron) => onChange({ cron })} />
        </>
      )}
      {form.kind !== 'adhoc' && <ZoneField form={form} error={errors?.timeZone ?? null} onChange={(timeZone) => onChange({ timeZone })} />}
      {form.kind === 'scheduled' && <Preview form={form} />}
      {form.kind !== 'adhoc' && <PolicyFields {...props} />}
      {form.kind === 'scheduled' && (
        <div className="grid gap-3 @lg:grid-cols-3">
          <TimeField field="startAt" label="From" {...props} />
          <TimeField field="endAt" label="Until" {...props} />
          <TextField label="Seconds of jitter" inputMode="numeric" value={form.jitterSeconds} error={errors?.jitterSeconds ?? null} onChange={(event) => onChange({ jitterSeconds: event.target.value })} />
        </div>
      )}
    </div>
  )
}

function TimeField({ field, label, form, errors, onChange }: Props & { readonly field: 'notBefore' | 'deadline' | 'startAt' | 'endAt'; readonly label: string }) {
  return <TextField label={label} type="datetime-local" value={form[field]} error={errors?.[field] ?? null} onChange={(event) => onChange({ [field]: event.target.value })} />
}

const examples = [['Every hour', '0 * * * *'], ['Every morning', '0 8 * * *'], ['On weekdays', '0 8 * * 1-5'], ['Every Monday', '0 8 * * 1'], ['On the first of the month', '0 8 1 * *']] as const

function Examples({ onPick }: { readonly onPick: (cron: string) => void }) {
  return (
    <div role="group" aria-label="Patterns to begin with" className="-mt-1.5 flex flex-wrap gap-x-3 gap-y-1 text-xs">
      {examples.map(([name, cron]) => <button key={cron} type="button" className="text-accent hover:underline" onClick={() => onPick(cron)}>{name}</button>)}
    </div>
  )
}

/** Any zone of the tz database; those that the platform knows are offered. */
function ZoneField({ form, error, onChange }: { readonly form: TaskForm; readonly error: string | null; readonly onChange: (timeZone: string) => void }) {
  const id = useId()
  const [zones] = useState(knownZones)
  const zone = zoneOf(form)
  const isWrong = !isZone(zone)
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">Time zone</label>
      <input id={id} list={`${id}-zones`} autoComplete="off" spellCheck={false} placeholder={zoneOf({ timeZone: '' })} maxLength={64} value={form.timeZone} aria-invalid={isWrong || undefined} aria-describedby={`${id}-note`} onChange={(event) => onChange(event.target.value)} className={inputStyle} />
      <datalist id={`${id}-zones`}>{zones.map((name) => <option key={name} value={name} />)}</datalist>
      <p id={`${id}-note`} className={isWrong ? 'text-xs text-danger' : 'text-xs text-muted'}>{error ?? (isWrong ? 'This is no time zone. Pick one from the list.' : `All times here are those of ${zone}.`)}</p>
    </div>
  )
}

/** The pattern in words, with the next ten times; or what is wrong with it. */
function Preview({ form }: { readonly form: TaskForm }) {
  const { orpc } = useServices()
  const timeZone = zoneOf(form)
  const shown = useLater(JSON.stringify([form.cron.trim(), timeZone, instantOf(form.startAt, timeZone), instantOf(form.endAt, timeZone)]), 250)
  const [cron = '', zone = 'UTC', startAt = null, endAt = null]: [string?, string?, (number | null)?, (number | null)?] = JSON.parse(shown)
  const preview = useQuery({ ...orpc.schedules.preview.queryOptions({ input: { cron, timeZone: zone, startAt, endAt } }), enabled: cron !== '' && isZone(zone), staleTime: 0 }).data
  if (cron === '' || preview === undefined) return null
  if (preview.error !== null) return <p role="status" className="text-danger">{preview.error}</p>
  return (
    <div role="status" className="rounded-md bg-sunken px-3 py-2">
      <p className="font-medium">{preview.text}</p>
      <ol className="text-xs text-muted tabular-nums @xs:columns-2">{preview.next.map((at) => <li key={at}><ZonedTime at={at} timeZone={zone} /></li>)}</ol>
    </div>
  )
}
