import { Plus, Trash2 } from 'lucide-react'
import { useId } from 'react'
import { type Comparison, ComparisonWordSchema, type Condition } from '#contract/workflows'
import { Button, IconButton } from '../../../components/button'
import { SelectField, TextField } from '../../../components/field'
import { comparisonWords } from '../words'
import { newCondition, withItem } from './draft'
import type { ErrorAt } from './parts'

/** When something applies: always, or when its comparisons hold. */
export function ConditionFields({ who, value, names, path, errorAt, onChange }: {
  /** `step 2` */
  readonly who: string
  readonly value: Condition | null
  /** What can be compared. */
  readonly names: readonly string[]
  readonly path: string
  readonly errorAt: ErrorAt
  readonly onChange: (value: Condition | null) => void
}) {
  const choice = value === null ? 'always' : value.match
  const change = (comparisons: readonly Comparison[]): void => onChange(comparisons.length === 0 || value === null ? null : { ...value, comparisons: [...comparisons] })
  return (
    <div role="group" aria-label={`Condition of ${who}`} className="flex flex-col gap-2">
      <div className="max-w-72">
        <SelectField
          label="When"
          value={choice}
          choices={[{ value: 'always', label: 'Always' }, { value: 'all', label: 'Only if all of these hold' }, { value: 'any', label: 'Only if one of these holds' }]}
          onChange={(match) => onChange(match === 'always' ? null : { ...(value ?? newCondition), match })}
        />
      </div>
      {value?.comparisons.map((comparison, index) => (
        <Row
          key={index}
          comparison={comparison}
          number={index + 1}
          names={names}
          error={errorAt(`${path}.comparisons.${index}.value`)}
          onChange={(next) => change(withItem(value.comparisons, index, next))}
          onRemove={() => change(value.comparisons.toSpliced(index, 1))}
        />
      ))}
      {value !== null && <Button small className="self-start" onClick={() => change([...value.comparisons, ...newCondition.comparisons])}><Plus aria-hidden className="size-3.5" />Add a comparison</Button>}
    </div>
  )
}

function Row({ comparison, number, names, error, onChange, onRemove }: {
  readonly comparison: Comparison
  readonly number: number
  readonly names: readonly string[]
  readonly error: string | null
  readonly onChange: (comparison: Comparison) => void
  readonly onRemove: () => void
}) {
  const listId = useId()
  const isUnary = comparison.is === 'empty' || comparison.is === 'not_empty'
  return (
    <div role="group" aria-label={`Comparison ${number}`} className="grid grid-cols-[1fr_1fr_1fr_auto] items-start gap-2">
      <TextField label="What" list={listId} value={comparison.value} maxLength={100} error={error} onChange={(event) => onChange({ ...comparison, value: event.target.value })} />
      <datalist id={listId}>{names.map((name) => <option key={name} value={name} />)}</datalist>
      <SelectField label="Comparison" value={comparison.is} choices={ComparisonWordSchema.options.map((value) => ({ value, label: comparisonWords[value] }))} onChange={(is) => onChange({ ...comparison, is })} />
      {isUnary ? <span /> : <TextField label="With" value={shown(comparison.to)} maxLength={2_000} onChange={(event) => onChange({ ...comparison, to: event.target.value })} />}
      <IconButton className="mt-6" label={`Remove comparison ${number}`} icon={<Trash2 />} onClick={onRemove} />
    </div>
  )
}

function shown(value: Comparison['to']): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}
