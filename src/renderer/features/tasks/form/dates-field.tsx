import { X } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button, IconButton } from '../../../components/button'
import { inputStyle } from '../../../components/field'
import { ZonedTime } from '../../../components/zoned-time'
import { formatTimeIn } from '../../../lib/format'
import { instantOf } from '../../../lib/zones'
import { type FormErrors, itemsOf, type TaskForm, zoneOf } from './task-form'

/** Dates and times, picked one after the other. */
export function DatesField({ form, errors, onChange }: {
  readonly form: TaskForm
  readonly errors: FormErrors | null
  readonly onChange: (patch: Partial<TaskForm>) => void
}) {
  const [typed, setTyped] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const timeZone = zoneOf(form)
  const dates = itemsOf(form.dates)
  const put = (next: readonly string[]): void => {
    onChange({ dates: [...new Set(next)].sort().join('\n') })
    input.current?.focus()
  }
  const add = (): void => {
    if (typed === '') return
    put([...dates, typed])
    setTyped('')
  }
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">Dates and times</legend>
      {dates.length > 0 && (
        <ul aria-label="Picked dates" className="flex flex-col gap-1">
          {dates.map((date) => (
            <li key={date} className="flex items-center gap-2 rounded-md bg-sunken px-2 py-0.5">
              <span className="min-w-0 flex-1"><Picked date={date} timeZone={timeZone} /></span>
              <IconButton label={`Take out ${textOf(date, timeZone)}`} icon={<X />} className="size-6 [&_svg]:size-3.5" onClick={() => put(dates.filter((other) => other !== date))} />
            </li>
          ))}
        </ul>
      )}
      <div className="flex gap-2">
        <input
          ref={input}
          type="datetime-local"
          aria-label="One more date"
          value={typed}
          aria-invalid={errors?.dates === undefined ? undefined : true}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
            event.preventDefault()
            add()
          }}
          className={inputStyle}
        />
        <Button disabled={typed === ''} onClick={add}>Add the date</Button>
      </div>
      {errors?.dates !== undefined && <p role="alert" className="text-xs text-danger">{dates.length === 0 ? 'Add at least one date.' : errors.dates}</p>}
    </fieldset>
  )
}

function Picked({ date, timeZone }: { readonly date: string; readonly timeZone: string }) {
  const at = timeOf(date, timeZone)
  return at === null ? date : <ZonedTime at={at} timeZone={timeZone} />
}

function textOf(date: string, timeZone: string): string {
  const at = timeOf(date, timeZone)
  return at === null ? date : formatTimeIn(at, timeZone)
}

/** Without an offset it is meant in the zone. */
function timeOf(date: string, timeZone: string): number | null {
  if (!/(?:Z|[+-]\d\d:?\d\d)$/i.test(date)) return instantOf(date, timeZone)
  const at = Date.parse(date)
  return Number.isFinite(at) ? at : null
}
