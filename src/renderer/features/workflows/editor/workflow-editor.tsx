import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Workflow, WorkflowBody, WorkflowProblem } from '#contract/workflows'
import { Button } from '../../../components/button'
import { Dialog } from '../../../components/dialog'
import { ErrorNote } from '../../../components/feedback'
import { TextAreaField, TextField } from '../../../components/field'
import { useLater } from '../../../lib/hooks'
import { useServices } from '../../../lib/services'
import { emptyWorkflow, moved, namesFor, newInput, newRule, newStep, possibleBefore, renamedStep, withItem, withoutStep } from './draft'
import { InputFields } from './input-fields'
import { type ErrorAt, Item, Section } from './parts'
import { RuleFields } from './rule-fields'
import { StepFields } from './step-fields'

const CHECK_AFTER_MS = 300

/** Makes or changes a workflow. What is wrong is said beside the field while one types. */
export function WorkflowEditor({ workflow, onSaved, onClose }: { readonly workflow: Workflow | null; readonly onSaved: (workflow: Workflow) => void; readonly onClose: () => void }) {
  const { orpc, announcer } = useServices()
  const [before] = useState<WorkflowBody>(() => (workflow === null ? emptyWorkflow : bodyOf(workflow)))
  const [draft, setDraft] = useState<WorkflowBody>(before)
  const [isAsking, setAsking] = useState(false)
  const checked = useLater(draft, CHECK_AFTER_MS)
  const check = useQuery({ ...orpc.workflows.check.queryOptions({ input: { workflow: checked } }), placeholderData: keepPreviousData })
  const problems = check.data?.problems ?? []
  const isCurrent = checked === draft && !check.isFetching
  const options = {
    meta: { shownInPlace: true },
    onSuccess: (saved: Workflow) => {
      announcer.say(`Saved the workflow ${saved.name}.`)
      onSaved(saved)
    },
  }
  const create = useMutation(orpc.workflows.create.mutationOptions(options))
  const put = useMutation(orpc.workflows.put.mutationOptions(options))
  const error = create.error ?? put.error
  const isPending = create.isPending || put.isPending
  const save = (): void => (workflow === null ? create.mutate(draft) : put.mutate({ ...draft, id: workflow.id, revision: workflow.revision }))
  const close = (): void => (draft === before || isAsking ? onClose() : setAsking(true))
  return (
    <Dialog
      title={workflow === null ? 'New workflow' : 'Change the workflow'}
      size="full"
      onClose={close}
      actions={isAsking
        ? (
          <>
            <p role="alert" className="flex-1 self-center">You changed something. Throw it away?</p>
            <Button onClick={() => setAsking(false)}>Go on</Button>
            <Button tone="danger" onClick={onClose}>Throw away</Button>
          </>
        )
        : (
          <>
            <p role="status" className="flex-1 self-center text-xs text-muted">{problems.length === 0 ? '' : problems.length === 1 ? 'One thing is missing or wrong.' : `${problems.length} things are missing or wrong.`}</p>
            <Button onClick={close}>Cancel</Button>
            <Button tone="primary" disabled={problems.length > 0 || !isCurrent || isPending} onClick={save}>Save the workflow</Button>
          </>
        )}
    >
      {error !== null && <ErrorNote error={error} className="mb-3" />}
      {check.error !== null && <ErrorNote error={check.error} className="mb-3" />}
      <Fields draft={draft} errorAt={errorsOf(problems, draft, before)} onChange={setDraft} />
    </Dialog>
  )
}

interface FieldsProps {
  readonly draft: WorkflowBody
  readonly errorAt: ErrorAt
  readonly onChange: (draft: WorkflowBody) => void
}

function Fields({ draft, errorAt, onChange }: FieldsProps) {
  return (
    <div className="flex flex-col gap-6">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField autoFocus label="Name of the workflow" value={draft.name} maxLength={200} error={errorAt('name')} onChange={(event) => onChange({ ...draft, name: event.target.value })} />
        <TextField label="What it is for" value={draft.description} maxLength={2_000} onChange={(event) => onChange({ ...draft, description: event.target.value })} />
      </div>
      <Inputs draft={draft} errorAt={errorAt} onChange={onChange} />
      <Rules draft={draft} errorAt={errorAt} onChange={onChange} />
      <Steps draft={draft} errorAt={errorAt} onChange={onChange} />
      <TextAreaField label="Output" hint="What it says at the end, with placeholders" rows={2} maxLength={50_000} value={draft.output} error={errorAt('output')} onChange={(event) => onChange({ ...draft, output: event.target.value })} />
    </div>
  )
}

function Inputs({ draft, errorAt, onChange }: FieldsProps) {
  const { inputs } = draft
  const set = (next: WorkflowBody['inputs']): void => onChange({ ...draft, inputs: next })
  return (
    <Section title="Inputs" hint="What is asked for when it is started.">
      {inputs.map((input, index) => (
        <Item key={index} name={`Input ${index + 1}`} index={index} count={inputs.length} onMove={(step) => set(moved(inputs, index, step))} onRemove={() => set(inputs.toSpliced(index, 1))}>
          <InputFields input={input} number={index + 1} path={`inputs.${index}`} errorAt={errorAt} onChange={(next) => set(withItem(inputs, index, next))} />
        </Item>
      ))}
      <Button small className="self-start" onClick={() => set([...inputs, newInput(draft)])}><Plus aria-hidden className="size-3.5" />Add an input</Button>
    </Section>
  )
}

function Rules({ draft, errorAt, onChange }: FieldsProps) {
  const { rules } = draft
  const set = (next: WorkflowBody['rules']): void => onChange({ ...draft, rules: next })
  return (
    <Section title="Rules" hint="Looked at in this order before the first step.">
      {rules.map((rule, index) => (
        <Item key={index} name={`Rule ${index + 1}`} index={index} count={rules.length} onMove={(step) => set(moved(rules, index, step))} onRemove={() => set(rules.toSpliced(index, 1))}>
          <RuleFields rule={rule} number={index + 1} names={namesFor({ ...draft, rules: rules.slice(0, index) }, null)} path={`rules.${index}`} errorAt={errorAt} onChange={(next) => set(withItem(rules, index, next))} />
        </Item>
      ))}
      <Button small className="self-start" onClick={() => set([...rules, newRule(draft)])}><Plus aria-hidden className="size-3.5" />Add a rule</Button>
    </Section>
  )
}

function Steps({ draft, errorAt, onChange }: FieldsProps) {
  const { steps } = draft
  const set = (next: WorkflowBody['steps']): void => onChange({ ...draft, steps: next })
  return (
    <Section title="Steps" hint="Tasks for agents and approvals by a person. What waits for nothing runs side by side.">
      {steps.map((step, index) => (
        <Item key={index} name={`Step ${index + 1}`} index={index} count={steps.length} onMove={(by) => set(moved(steps, index, by))} onRemove={() => set(withoutStep(steps, step.key))}>
          <StepFields
            step={step}
            number={index + 1}
            before={possibleBefore(steps, step.key)}
            names={namesFor(draft, step)}
            path={`steps.${index}`}
            errorAt={errorAt}
            onRename={(key) => onChange(renamedStep(draft, index, key))}
            onChange={(next) => set(withItem(steps, index, next))}
          />
        </Item>
      ))}
      {errorAt('steps') !== null && <p className="text-xs text-muted">It needs at least one step.</p>}
      <div className="flex flex-wrap gap-2">
        <Button small onClick={() => set([...steps, newStep(draft, 'task')])}><Plus aria-hidden className="size-3.5" />Add a task</Button>
        <Button small onClick={() => set([...steps, newStep(draft, 'approval')])}><Plus aria-hidden className="size-3.5" />Add an approval</Button>
      </div>
    </Section>
  )
}

/** Nothing is wrong before anything was typed; what is empty is only missing. */
function errorsOf(problems: readonly WorkflowProblem[], draft: WorkflowBody, before: WorkflowBody): ErrorAt {
  const byPath = new Map(problems.toReversed().map(({ path, message }) => [path, message]))
  return (path) => {
    const message = byPath.get(path) ?? null
    if (message === null || draft === before) return null
    return valueAt(draft, path) === '' ? 'Still missing.' : message
  }
}

function valueAt(draft: WorkflowBody, path: string): unknown {
  return path.split('.').reduce<unknown>((value, part) => (typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === part)?.[1] : undefined), draft)
}

function bodyOf({ name, description, inputs, rules, steps, output }: Workflow): WorkflowBody {
  return { name, description, inputs, rules, steps, output }
}
