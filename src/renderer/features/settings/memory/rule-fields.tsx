import type { RetentionRule } from '#contract/memory'
import { SelectField, TextField } from '../../../components/field'
import { kindWords } from '../../../components/memory/words'

/** A rule as it is typed; empty: no such condition. */
export interface RuleText {
  readonly kind: RetentionRule['kind'] | 'any'
  readonly days: string
  readonly importance: string
  readonly most: string
  readonly then: RetentionRule['then']
}

const kinds = [
  { value: 'any', label: 'Every kind' }, { value: 'user', label: kindWords.user }, { value: 'fragment', label: kindWords.fragment }, { value: 'solution', label: kindWords.solution },
] as const
const thens = [{ value: 'archive', label: 'Archive' }, { value: 'forget', label: 'Forget' }] as const

export function RuleFields({ text, onChange }: { readonly text: RuleText; readonly onChange: (text: RuleText) => void }) {
  const { kind = 'any', days, importance, most, then } = text
  return (
    <div className="grid grid-cols-2 gap-2 sm:grid-cols-5">
      <SelectField label="Kind" value={kind} choices={kinds} onChange={(value) => onChange({ ...text, kind: value })} />
      <TextField label="Days without use" inputMode="numeric" value={days} maxLength={5} onChange={(event) => onChange({ ...text, days: event.target.value })} />
      <TextField label="Importance below" inputMode="decimal" value={importance} maxLength={5} onChange={(event) => onChange({ ...text, importance: event.target.value })} />
      <TextField label="Keep at most" inputMode="numeric" value={most} maxLength={8} onChange={(event) => onChange({ ...text, most: event.target.value })} />
      <SelectField label="Then" value={then} choices={thens} onChange={(value) => onChange({ ...text, then: value })} />
    </div>
  )
}

export function textOf({ kind = undefined, olderThanDays, belowImportance, keepAtMost, then }: RetentionRule): RuleText {
  const shown = (value: number | undefined) => (value === undefined ? '' : String(value))
  return { kind: kind ?? 'any', days: shown(olderThanDays), importance: shown(belowImportance), most: shown(keepAtMost), then }
}

/** Not judged: what is no number is NaN. */
export function ruleOf({ kind, days, importance, most, then }: RuleText): RetentionRule {
  const number = (value: string) => Number(value.replace(',', '.'))
  return {
    ...(kind !== undefined && kind !== 'any' && { kind }), ...(days.trim() !== '' && { olderThanDays: number(days) }), ...(importance.trim() !== '' && { belowImportance: number(importance) }),
    ...(most.trim() !== '' && { keepAtMost: number(most) }), then,
  }
}
