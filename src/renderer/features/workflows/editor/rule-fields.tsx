import type { WorkflowRule } from '#contract/workflows'
import { SelectField, TextAreaField, TextField } from '../../../components/field'
import { ConditionFields } from './condition-fields'
import type { ErrorAt } from './parts'

type Then = WorkflowRule['then']

/** One rule: when it applies, and what it does then. */
export function RuleFields({ rule, number, names, path, errorAt, onChange }: {
  readonly rule: WorkflowRule
  readonly number: number
  readonly names: readonly string[]
  readonly path: string
  readonly errorAt: ErrorAt
  readonly onChange: (rule: WorkflowRule) => void
}) {
  const { then } = rule
  const change = (next: Then): void => onChange({ ...rule, then: next })
  return (
    <>
      <TextField label={`Name of rule ${number}`} value={rule.name} maxLength={200} error={errorAt(`${path}.name`)} onChange={(event) => onChange({ ...rule, name: event.target.value })} />
      <ConditionFields who={`rule ${number}`} value={rule.when} names={names} path={`${path}.when`} errorAt={errorAt} onChange={(when) => onChange({ ...rule, when })} />
      <SelectField
        label={`What rule ${number} does`}
        value={then.do}
        choices={[{ value: 'require_approval', label: 'Wants an approval before the start' }, { value: 'refuse', label: 'Refuses to start' }, { value: 'set', label: 'Sets a value' }]}
        onChange={(what) => change(withKind(then, what))}
      />
      {then.do === 'set'
        ? (
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField label="Name of the value" value={then.name} maxLength={40} error={errorAt(`${path}.then.name`)} onChange={(event) => change({ ...then, name: event.target.value })} />
            <TextField label="What it is then" value={String(then.value)} maxLength={20_000} error={errorAt(`${path}.then.value`)} onChange={(event) => change({ ...then, value: event.target.value })} />
          </div>
        )
        : <TextAreaField label={then.do === 'refuse' ? 'What it says' : 'What is asked'} rows={2} value={then.message} maxLength={2_000} error={errorAt(`${path}.then.message`)} onChange={(event) => change({ ...then, message: event.target.value })} />}
    </>
  )
}

function withKind(then: Then, what: Then['do']): Then {
  if (what === 'set') return then.do === 'set' ? then : { do: 'set', name: '', value: '' }
  return { do: what, message: then.do === 'set' ? '' : then.message }
}
