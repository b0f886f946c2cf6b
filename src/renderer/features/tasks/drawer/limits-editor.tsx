import type { TaskDetail, TaskPatch } from '#contract/tasks'
import { formatCost, formatTokens } from '../../../lib/format'
import { LimitFields } from '../form/limit-fields'
import { formOfLimits, readLimits, type TaskForm } from '../form/task-form'
import { countWords } from '../words'
import { EditInPlace } from './edit-in-place'

/** What it may use and how often it is tried; raising a limit that it has reached lets it go on. */
export function LimitsEditor({ task, onSave }: { readonly task: TaskDetail; readonly onSave: (patch: TaskPatch) => Promise<void> }) {
  const read = (form: TaskForm) => {
    const { errors, limits } = readLimits(form)
    if (limits === null) return { errors, patch: null }
    const { budget, attempts: { max, backoffSeconds } } = limits
    return { errors, patch: { budget, attempts: { ...task.attempts, max, backoffSeconds } } }
  }
  return <EditInPlace label="Limits" editLabel="Edit the limits" words={limitWords(task)} begin={() => formOfLimits(task)} read={read} fields={(editing) => <LimitFields {...editing} />} onSave={onSave} />
}

function limitWords({ budget, attempt, attempts }: TaskDetail): string {
  const parts = [
    ...(budget.maxCostUsd === null ? [] : [formatCost(budget.maxCostUsd)]),
    ...(budget.maxTokens === null ? [] : [`${formatTokens(budget.maxTokens)} tokens`]),
    ...(budget.maxMinutes === null ? [] : [countWords(budget.maxMinutes, 'minute')]),
  ]
  return `${parts.length === 0 ? 'none of its own' : parts.join(', ')}; attempt ${attempt} of ${attempts.max}${attempts.max > 1 ? `, ${attempts.backoffSeconds} s apart at first` : ''}`
}
