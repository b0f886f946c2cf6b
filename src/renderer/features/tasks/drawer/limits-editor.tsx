import { Pencil } from 'lucide-react'
import { useState } from 'react'
import type { TaskDetail, TaskPatch } from '#contract/tasks'
import { Button, IconButton } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { formatCost, formatTokens } from '../../../lib/format'
import { LimitFields } from '../form/limit-fields'
import { type FormErrors, formOfLimits, readLimits, type TaskForm } from '../form/task-form'
import { countWords } from '../words'

/** What it may use and how often it is tried; raising a limit that it has reached lets it go on. */
export function LimitsEditor({ task, onSave }: { readonly task: TaskDetail; readonly onSave: (patch: TaskPatch) => Promise<void> }) {
  const [form, setForm] = useState<TaskForm | null>(null)
  const [errors, setErrors] = useState<FormErrors | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const close = (): void => {
    setForm(null)
    setErrors(null)
    setFailure(null)
  }
  const save = (): void => {
    if (form === null) return
    const read = readLimits(form)
    setErrors(read.errors)
    if (read.limits === null) return
    const { budget, attempts: { max, backoffSeconds } } = read.limits
    onSave({ budget, attempts: { ...task.attempts, max, backoffSeconds } }).then(close, setFailure)
  }
  if (form === null) {
    return (
      <span className="flex items-start gap-1">
        <span className="min-w-0 flex-1">{limitWords(task)}</span>
        <IconButton label="Edit the limits" icon={<Pencil />} className="size-6 [&_svg]:size-3.5" onClick={() => setForm(formOfLimits(task))} />
      </span>
    )
  }
  return (
    <form
      aria-label="Limits"
      className="flex flex-col gap-2"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        close()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <LimitFields form={form} errors={errors} onChange={(patch) => setForm({ ...form, ...patch })} />
      {failure !== null && <ErrorNote error={failure} />}
      <div className="flex gap-2">
        <Button small type="submit" tone="primary">Save</Button>
        <Button small onClick={close}>Leave it</Button>
      </div>
    </form>
  )
}

function limitWords({ budget, attempt, attempts }: TaskDetail): string {
  const parts = [
    ...(budget.maxCostUsd === null ? [] : [formatCost(budget.maxCostUsd)]),
    ...(budget.maxTokens === null ? [] : [`${formatTokens(budget.maxTokens)} tokens`]),
    ...(budget.maxMinutes === null ? [] : [countWords(budget.maxMinutes, 'minute')]),
  ]
  return `${parts.length === 0 ? 'none of its own' : parts.join(', ')}; attempt ${attempt} of ${attempts.max}${attempts.max > 1 ? `, ${attempts.backoffSeconds} s apart at first` : ''}`
}
