import { useId, useState } from 'react'
import type { Answer, HumanRequest } from '#contract/human-requests'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'

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
  const folders = foldersOf(request)
  return (
    <details className="mt-2 text-xs">
      <summary className="w-fit cursor-pointer rounded-sm text-muted">Allow later calls only for a while, or for some files</summary>
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <label className="flex items-center gap-1.5">
          How long
          <select value={terms.minutes} onChange={(event) => terms.setMinutes(event.target.value)} className={classNames(inputStyle, 'h-7 w-auto py-0 text-xs')}>
            {durations.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
          </select>
        </label>
        <label className="flex items-center gap-1.5">
          Which files
          <input
            value={terms.pattern}
            onChange={(event) => terms.setPattern(event.target.value)}
            placeholder="all"
            list={`${hintId}-folders`}
            aria-describedby={hintId}
            maxLength={500}
            className={classNames(inputStyle, 'h-7 w-48 py-0 font-mono text-xs')}
          />
        </label>
        <datalist id={`${hintId}-folders`}>{folders.map((folder) => <option key={folder} value={folder} />)}</datalist>
        <span id={hintId} className="text-muted">src/** is everything below src. Both count for “Allow for this session” and “Always allow here”.</span>
      </div>
    </details>
  )
}

/** The file of the call and the folders that it is in, as patterns. */
function foldersOf({ arguments: input }: HumanRequest): readonly string[] {
  const path = input['path']
  if (typeof path !== 'string' || path.startsWith('/')) return []
  const names = path.split('/')
  return [path, ...names.slice(0, -1).map((_name, index) => `${names.slice(0, index + 1).join('/')}/**`).toReversed()]
}
