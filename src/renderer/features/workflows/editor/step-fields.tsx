import { useQuery } from '@tanstack/react-query'
import { ModeSchema } from '#contract/common'
import type { WorkflowStep } from '#contract/workflows'
import { SelectField, TextAreaField, TextField } from '../../../components/field'
import { useServices } from '../../../lib/services'
import { ConditionFields } from './condition-fields'
import { Check, type ErrorAt } from './parts'

const modeWords = { ask: 'Ask', 'auto-edit': 'Auto-edit', 'sandboxed-auto': 'Sandboxed auto', plan: 'Plan' } as const

/** One step: what is done or asked, after which others, and when. */
export function StepFields({ step, number, before, names, path, errorAt, onRename, onChange }: {
  readonly step: WorkflowStep
  readonly number: number
  /** Those that it may wait for. */
  readonly before: readonly WorkflowStep[]
  readonly names: readonly string[]
  readonly path: string
  readonly errorAt: ErrorAt
  readonly onRename: (key: string) => void
  readonly onChange: (step: WorkflowStep) => void
}) {
  const hint = names.length === 0 ? undefined : `Placeholders: ${names.map((name) => `{{${name}}}`).join(' ')}`
  const who = step.kind === 'task' ? `task ${number}` : `approval ${number}`
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-[2fr_1fr]">
        <TextField label={`Title of ${who}`} value={step.title} maxLength={200} error={errorAt(`${path}.title`)} onChange={(event) => onChange({ ...step, title: event.target.value })} />
        <TextField label={`Key of ${who}`} hint={`{{${step.key}.result}} in texts after it`} value={step.key} maxLength={40} error={errorAt(`${path}.key`)} onChange={(event) => onRename(event.target.value)} />
      </div>
      {step.kind === 'task'
        ? <TaskFields step={step} who={who} hint={hint} path={path} errorAt={errorAt} onChange={onChange} />
        : <TextAreaField label={`What is asked in ${who}`} hint={hint} rows={2} maxLength={50_000} value={step.message} error={errorAt(`${path}.message`)} onChange={(event) => onChange({ ...step, message: event.target.value })} />}
      {before.length > 0 && (
        <div role="group" aria-label={`What ${who} waits for`} className="flex flex-col gap-1">
          <p className="text-sm font-medium">Waits for</p>
          <div className="flex flex-wrap gap-x-4 gap-y-1">
            {before.map((other) => (
              <Check
                key={other.key}
                label={other.title || other.key}
                checked={step.dependsOn.includes(other.key)}
                onChange={(checked) => onChange({ ...step, dependsOn: checked ? [...step.dependsOn, other.key] : step.dependsOn.filter((key) => key !== other.key) })}
              />
            ))}
          </div>
        </div>
      )}
      {errorAt(`${path}.dependsOn`) !== null && <p role="alert" className="text-xs text-danger">{errorAt(`${path}.dependsOn`)}</p>}
      <ConditionFields who={who} value={step.when} names={names} path={`${path}.when`} errorAt={errorAt} onChange={(when) => onChange({ ...step, when })} />
    </>
  )
}

type TaskStep = Extract<WorkflowStep, { kind: 'task' }>

function TaskFields({ step, who, hint, path, errorAt, onChange }: {
  readonly step: TaskStep
  readonly who: string
  readonly hint: string | undefined
  readonly path: string
  readonly errorAt: ErrorAt
  readonly onChange: (step: TaskStep) => void
}) {
  const { queries } = useServices()
  const templates = useQuery(queries.templates()).data?.items ?? []
  const kinds = templates.some(({ name }) => name === step.template) ? templates : [{ name: step.template, title: step.template }, ...templates]
  const setMode = (mode: string): void => onChange({ ...step, mode: ModeSchema.options.find((value) => value === mode) ?? null })
  return (
    <>
      <TextAreaField label={`What is to be done in ${who}`} hint={hint} rows={3} maxLength={50_000} value={step.instruction} error={errorAt(`${path}.instruction`)} onChange={(event) => onChange({ ...step, instruction: event.target.value })} />
      <div className="grid gap-3 sm:grid-cols-3">
        <SelectField label={`Agent of ${who}`} hint={errorAt(`${path}.template`)} value={step.template} choices={kinds.map(({ name, title }) => ({ value: name, label: title }))} onChange={(template) => onChange({ ...step, template })} />
        <SelectField label={`Mode of ${who}`} value={step.mode ?? ''} choices={[{ value: '', label: 'As it is started' }, ...ModeSchema.options.map((value) => ({ value, label: modeWords[value] }))]} onChange={setMode} />
        <TextField
          label={`Most US dollars of ${who}`}
          inputMode="decimal"
          type="number"
          min={0}
          step="any"
          value={step.budget.maxCostUsd ?? ''}
          error={errorAt(`${path}.budget.maxCostUsd`)}
          onChange={(event) => onChange({ ...step, budget: { ...step.budget, maxCostUsd: event.target.value === '' ? null : Number(event.target.value) } })}
        />
      </div>
      <Check label={`${who.charAt(0).toUpperCase()}${who.slice(1)} may fail: the workflow goes on`} checked={step.mayFail} onChange={(mayFail) => onChange({ ...step, mayFail })} />
    </>
  )
}
