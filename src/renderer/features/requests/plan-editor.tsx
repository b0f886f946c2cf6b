import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import type { Plan, PlanTask } from '#contract/plans'
import { Button, IconButton } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { inputStyle, SelectField, TextField } from '../../components/field'
import { classNames } from '../../lib/class-names'
import { useServices } from '../../lib/services'
import { movedTask, planProblem, possibleDependencies, withNewTask, withoutTask, withTask } from './plan-edits'

/** Titles, instructions, order, dependencies, agents and budgets of a plan, before it is approved. */
export function PlanEditor({ plan, onClose }: { readonly plan: Plan; readonly onClose: () => void }) {
  const { orpc, queries } = useServices()
  const queryClient = useQueryClient()
  const [title, setTitle] = useState(plan.title)
  const [tasks, setTasks] = useState<readonly PlanTask[]>(plan.tasks)
  const [stopOnFailure, setStopOnFailure] = useState(plan.stopOnFailure)
  const templates = useQuery(queries.templates()).data?.items ?? []
  const problem = planProblem(title, tasks)
  const save = useMutation(orpc.plans.patch.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: (saved) => {
      queryClient.setQueryData(queries.plan(saved.id).queryKey, saved)
      onClose()
    },
  }))
  return (
    <Dialog
      title="Change the plan"
      onClose={onClose}
      wide
      actions={(
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={problem !== null || save.isPending} onClick={() => save.mutate({ id: plan.id, revision: plan.revision, title, tasks: [...tasks], stopOnFailure })}>Save the plan</Button>
        </>
      )}
    >
      <div className="flex flex-col gap-4">
        <TextField label="Title of the plan" value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
        <ol aria-label="Tasks" className="flex flex-col gap-4">
          {tasks.map((task, index) => (
            <li key={task.key}>
              <TaskFields
                task={task}
                number={index + 1}
                isLast={index === tasks.length - 1}
                others={possibleDependencies(tasks, task.key)}
                templates={templates.some(({ name }) => name === task.template) ? templates : [{ name: task.template, title: task.template }, ...templates]}
                onChange={(change) => setTasks(withTask(tasks, task.key, change))}
                onMove={(step) => setTasks(movedTask(tasks, task.key, step))}
                onRemove={() => setTasks(withoutTask(tasks, task.key))}
              />
            </li>
          ))}
        </ol>
        <Button small className="self-start" onClick={() => setTasks(withNewTask(tasks))}>Add a task</Button>
        <Check label="The first task that fails ends the others" checked={stopOnFailure} onChange={setStopOnFailure} />
        {problem !== null && <p role="status" className="text-xs text-muted">{problem}</p>}
        {save.error !== null && <ErrorNote error={save.error} />}
      </div>
    </Dialog>
  )
}

interface TaskFieldsProps {
  readonly task: PlanTask
  readonly number: number
  readonly isLast: boolean
  readonly others: readonly PlanTask[]
  readonly templates: readonly { readonly name: string; readonly title: string }[]
  readonly onChange: (change: Partial<PlanTask>) => void
  readonly onMove: (step: 1 | -1) => void
  readonly onRemove: () => void
}

function TaskFields({ task, number, isLast, others, templates, onChange, onMove, onRemove }: TaskFieldsProps) {
  const id = useId()
  return (
    <fieldset className="flex flex-col gap-3 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">Task {number}</legend>
      <div className="flex gap-1">
        <IconButton label={`Move task ${number} up`} icon={<ArrowUp />} disabled={number === 1} onClick={() => onMove(-1)} />
        <IconButton label={`Move task ${number} down`} icon={<ArrowDown />} disabled={isLast} onClick={() => onMove(1)} />
        <IconButton label={`Remove task ${number}`} icon={<Trash2 />} onClick={onRemove} />
      </div>
      <TextField label={`Title of task ${number}`} value={task.title} maxLength={200} onChange={(event) => onChange({ title: event.target.value })} />
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="text-sm font-medium">What is to be done in task {number}</label>
        <textarea id={id} value={task.instruction} maxLength={50_000} onChange={(event) => onChange({ instruction: event.target.value })} className={classNames(inputStyle, 'field-sizing-content h-auto max-h-60 min-h-16 py-1.5')} />
      </div>
      <div className="grid gap-3 sm:grid-cols-3">
        <SelectField label={`Agent of task ${number}`} value={task.template} choices={templates.map(({ name, title }) => ({ value: name, label: title }))} onChange={(template) => onChange({ template })} />
        <NumberField label={`Most US dollars of task ${number}`} value={task.budget.maxCostUsd} onChange={(maxCostUsd) => onChange({ budget: { ...task.budget, maxCostUsd } })} />
        <NumberField label={`Most minutes of task ${number}`} value={task.budget.maxMinutes} onChange={(maxMinutes) => onChange({ budget: { ...task.budget, maxMinutes } })} />
      </div>
      {others.length > 0 && (
        <div role="group" aria-label={`What task ${number} waits for`} className="flex flex-col gap-1">
          <p className="text-sm font-medium">Waits for</p>
          {others.map((other) => (
            <Check
              key={other.key}
              label={other.title || other.key}
              checked={task.dependsOn.includes(other.key)}
              onChange={(checked) => onChange({ dependsOn: checked ? [...task.dependsOn, other.key] : task.dependsOn.filter((key) => key !== other.key) })}
            />
          ))}
        </div>
      )}
    </fieldset>
  )
}

function Check({ label, checked, onChange }: { readonly label: string; readonly checked: boolean; readonly onChange: (checked: boolean) => void }) {
  return (
    <label className="flex items-center gap-2">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} className="size-4 accent-accent" />
      {label}
    </label>
  )
}

/** Empty: no limit. What is no number above zero does not count. */
function NumberField({ label, value, onChange }: { readonly label: string; readonly value: number | null; readonly onChange: (value: number | null) => void }) {
  const [text, setText] = useState(value === null ? '' : String(value))
  const number = Number(text)
  const isWrong = text.trim() !== '' && !(number > 0 && Number.isFinite(number))
  return (
    <TextField
      label={label}
      inputMode="decimal"
      value={text}
      error={isWrong ? 'A number above 0, or nothing.' : null}
      onChange={(event) => {
        setText(event.target.value)
        const next = Number(event.target.value)
        if (event.target.value.trim() === '') onChange(null)
        else if (next > 0 && Number.isFinite(next)) onChange(next)
      }}
    />
  )
}
