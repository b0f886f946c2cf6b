import { useId, useState } from 'react'
import type { Answer, HumanRequest } from '#contract/human-requests'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'
import { scopeOf } from './grant-scope'

export type GrantTerms = NonNullable<Answer['grant']>

const MINUTE_MS = 60_000
const durations = [['', 'until I take it back'], ['15', 'for 15 minutes'], ['60', 'for an hour'], ['480', 'for 8 hours'], ['10080', 'for a week']] as const

export interface Terms {
  readonly minutes: string
  readonly setMinutes: (minutes: string) => void
  readonly pattern: string
  readonly setPattern: (pattern: string) => void
  /** As they are chosen now; undefined where nothing was chosen. */
  readonly read: () => GrantTerms | undefined
}

export function useGrantTerms(): Terms {
  const [minutes, setMinutes] = useState('')
  const [pattern, setPattern] = useState('')
  return {
    minutes, setMinutes, pattern, setPattern,
    read: () => {
      if (minutes === '' && pattern.trim() === '') return undefined
      return { until: minutes === '' ? null : Date.now() + Number(minutes) * MINUTE_MS, pattern: pattern.trim() === '' ? null : pattern.trim() }
    },
  }
}

/** What an approval that covers later calls is for, and how long. */
export function GrantTermsForm({ request, terms }: { readonly request: HumanRequest; readonly terms: Terms }) {
  const hintId = useId()
  const scope = scopeOf(request)
  return (
    <details className="mt-2 text-xs">
      <summary className="w-fit cursor-pointer rounded-sm text-muted">{scope === null ? 'Allow later calls only for a while' : `Allow later calls only for a while, or for some ${scope.what}`}</summary>
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <DurationField minutes={terms.minutes} onChange={terms.setMinutes} />
        {scope !== null && (
          <>
            <label className="flex items-center gap-1.5 whitespace-nowrap">
              Which {scope.what}
              <input
                value={terms.pattern}
                onChange={(event) => terms.setPattern(event.target.value)}
                placeholder="all"
                list={`${hintId}-choices`}
                aria-describedby={hintId}
                maxLength={500}
                className={classNames(inputStyle, 'h-7 w-48 py-0 font-mono text-xs')}
              />
            </label>
            <datalist id={`${hintId}-choices`}>{scope.choices.map((choice) => <option key={choice} value={choice} />)}</datalist>
            <span id={hintId} className="text-muted">{scope.hint} Both count for “Allow for this session” and “Always allow here”.</span>
          </>
        )}
      </div>
    </details>
  )
}

export function DurationField({ minutes, onChange }: { readonly minutes: string; readonly onChange: (minutes: string) => void }) {
  return (
    <label className="flex items-center gap-1.5 whitespace-nowrap text-xs">
      How long
      <select value={minutes} onChange={(event) => onChange(event.target.value)} className={classNames(inputStyle, 'h-7 w-auto py-0 text-xs')}>
        {durations.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </select>
    </label>
  )
}
