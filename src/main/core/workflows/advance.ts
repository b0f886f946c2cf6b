import type { Condition, WorkflowBody, WorkflowRun, WorkflowRunStep, WorkflowStep, WorkflowStepState } from '#contract/workflows'
import type { ErrorBody } from '#contract/errors'
import { AppError, errorBody } from '../errors'
import { fillIn, holds, lookupIn, parseReference } from './texts'

/** The approval that a rule wants before the first step. No step of a person can have this key. */
export const GATE = 'rules.approval'

export const DENIED = 'Workflow approval denied'

const open: ReadonlySet<WorkflowStepState> = new Set(['pending', 'running', 'needs_you'])
/** What waits for it goes on. */
const passes: ReadonlySet<WorkflowStepState> = new Set(['done', 'skipped'])

export function isOpen({ state }: Pick<WorkflowRunStep, 'state'>): boolean {
  return open.has(state)
}

/** What is to be done with a step that was pending. */
export interface Decision {
  readonly key: string
  readonly do: 'start' | 'skip' | 'block'
  readonly reason: string | null
}

/** What can be decided now about steps that are pending. Deciding the same again gives the same. */
export function decide({ definition, values, steps }: { readonly definition: Pick<WorkflowBody, 'steps'> } & Pick<WorkflowRun, 'values' | 'steps'>): Decision[] {
  const standing = new Map(steps.map((step) => [step.key, step]))
  const defined = new Map(definition.steps.map((step) => [step.key, step]))
  const look = lookupIn(values, steps)
  return steps.filter(({ state }) => state === 'pending').flatMap(({ key }): Decision[] => {
    const step = defined.get(key)
    if (!step) return key === GATE ? [{ key, do: 'start', reason: null }] : []
    const gate = standing.get(GATE)
    if (gate && isOpen(gate)) return []
    const before = step.dependsOn.map((other) => standing.get(other)).filter((other) => other !== undefined)
    if (before.some(isOpen)) return []
    const failed = before.find((other) => !passes.has(other.state) && !mayFail(defined.get(other.key)) && !speaksOf(step.when, other.key))
    if (failed) return [{ key, do: 'block', reason: `It waits for “${failed.title}”, which was not done.` }]
    return [step.when === null || holds(step.when, look) ? { key, do: 'start', reason: null } : { key, do: 'skip', reason: 'Its condition did not hold.' }]
  })
}

function mayFail(step: WorkflowStep | undefined): boolean {
  return step?.kind === 'task' && step.mayFail
}

function speaksOf(when: Condition | null, key: string): boolean {
  return (when?.comparisons ?? []).some(({ value }) => {
    const reference = parseReference(value)
    return reference?.kind === 'step' && reference.key === key && reference.part === 'outcome'
  })
}

export interface End {
  readonly state: 'completed' | 'failed' | 'cancelled'
  readonly output: string | null
  readonly error: ErrorBody | null
}

/** What a run comes to, or null while something is to be waited for. A denied approval ends it whatever else is at work. */
export function endOf({ definition, values, steps }: { readonly definition: Pick<WorkflowBody, 'steps' | 'output'> } & Pick<WorkflowRun, 'values' | 'steps'>): End | null {
  const denied = steps.find(({ state }) => state === 'denied')
  if (denied) {
    return { state: 'failed', output: null, error: errorBody(new AppError('PERMISSION_DENIED', DENIED, { data: { step: denied.key, ...(denied.result !== '' && { message: denied.result }) } })) }
  }
  const withdrawn = steps.find(({ kind, state }) => kind === 'approval' && state === 'cancelled')
  if (withdrawn) return { state: 'cancelled', output: null, error: null }
  if (steps.some(isOpen)) return null
  const defined = new Map(definition.steps.map((step) => [step.key, step]))
  const failed = steps.find(({ key, state }) => !passes.has(state) && !mayFail(defined.get(key)))
  const output = fillIn(definition.output, lookupIn(values, steps))
  if (!failed) return { state: 'completed', output, error: null }
  return { state: 'failed', output, error: errorBody(new AppError('TASK_STOPPED', `The step “${failed.title}” was not done${failed.reason === null ? '.' : `: ${failed.reason}`}`.slice(0, 500), { data: { step: failed.key } })) }
}
