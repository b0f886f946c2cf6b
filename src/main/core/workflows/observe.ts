import type { WorkflowRunStep } from '#contract/workflows'
import type { Store } from '../ports/store'
import { isAtEnd, stateName } from '../tasks/states'

/** Of a result that others take into their texts. */
const MAX_RESULT_CHARS = 20_000

/** A step as its task or its request has it now; the same object where nothing of it changed. */
export function observe(store: Pick<Store, 'tasks' | 'requests'>, step: WorkflowRunStep, now: number): WorkflowRunStep {
  if (step.state === 'running') return ofTask(store, step, now)
  return step.state === 'needs_you' ? ofRequest(store, step, now) : step
}

function ofTask({ tasks }: Pick<Store, 'tasks'>, step: WorkflowRunStep, now: number): WorkflowRunStep {
  const task = step.taskId === null ? null : tasks.detail(step.taskId)
  if (!task) return { ...step, state: 'failed', reason: 'Its task was removed.', endedAt: now }
  if (!isAtEnd(task.state)) return step
  if (task.state === 'done') return { ...step, state: 'done', result: cut(task.result ?? ''), endedAt: now }
  const said = task.reason ?? task.error?.message ?? null
  return { ...step, state: 'failed', reason: `Its task is in ${stateName(task.state)}${said === null ? '.' : `: ${said}`}`, endedAt: now }
}

function ofRequest({ requests }: Pick<Store, 'requests'>, step: WorkflowRunStep, now: number): WorkflowRunStep {
  const request = step.requestId === null ? null : requests.get(step.requestId)
  if (request?.status === 'open') return step
  // Its conversation was stopped or deleted: nobody can answer any more, and nothing was decided.
  if (!request || request.status === 'cancelled' || request.answer === null) return { ...step, state: 'cancelled', reason: 'The question was withdrawn.', endedAt: now }
  const { decision, message = '' } = request.answer
  return { ...step, state: decision === 'reject' ? 'denied' : 'done', result: cut(message), endedAt: now }
}

function cut(text: string): string {
  return text.length > MAX_RESULT_CHARS ? `${text.slice(0, MAX_RESULT_CHARS)}…` : text
}
