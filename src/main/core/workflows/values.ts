import type { WorkflowBody, WorkflowInput, WorkflowValue } from '#contract/workflows'
import { AppError, assertNever } from '../errors'
import { fillIn, holds, lookupIn } from './texts'

type Values = Readonly<Record<string, WorkflowValue>>

/** Why this value cannot be that of the input; null: it can. */
export function inputProblem({ name, title, kind, choices }: WorkflowInput, value: WorkflowValue): string | null {
  const called = `“${title || name}”`
  switch (kind) {
    case 'text': return typeof value === 'string' ? null : `${called} must be a text.`
    case 'number': return typeof value === 'number' ? null : `${called} must be a number.`
    case 'yes_no': return typeof value === 'boolean' ? null : `${called} must be true or false.`
    case 'choice': return typeof value === 'string' && choices.includes(value) ? null : `${called} must be one of: ${choices.join(', ')}.`
    default: return assertNever(kind)
  }
}

/** The value of each input. Throws AppError INVALID_PARAMETERS for one that is missing, does not fit or is not there. */
export function readInputs(inputs: readonly WorkflowInput[], given: Values): Record<string, WorkflowValue> {
  const unknown = Object.keys(given).find((name) => !inputs.some((input) => input.name === name))
  if (unknown !== undefined) throw refusal(`There is no input “${unknown.slice(0, 60)}”.`)
  const values: Record<string, WorkflowValue> = {}
  for (const input of inputs) {
    const { name, title, kind, required } = input
    const value = Object.hasOwn(given, name) ? given[name] : (input.default ?? undefined)
    const isMissing = value === undefined || (typeof value === 'string' && value.trim() === '')
    if (isMissing && required) throw refusal(`“${title || name}” is missing.`)
    // Left out, what is not required is empty, and a box is not ticked.
    if (isMissing || value === undefined) values[name] = kind === 'yes_no' ? false : ''
    else {
      const problem = inputProblem(input, value)
      if (problem !== null) throw refusal(problem)
      values[name] = value
    }
  }
  return values
}

export interface Ruled {
  readonly values: Record<string, WorkflowValue>
  /** What the approvals are for that must come first; null: none. */
  readonly approval: string | null
}

/** The rules in their order. Throws AppError INVALID_PARAMETERS with the words of one that refuses. */
export function applyRules({ rules }: Pick<WorkflowBody, 'rules'>, inputs: Values): Ruled {
  const values = { ...inputs }
  const messages: string[] = []
  for (const { name, when, then } of rules) {
    const look = lookupIn(values, [])
    if (when !== null && !holds(when, look)) continue
    switch (then.do) {
      case 'refuse': throw refusal(fillIn(then.message, look))
      case 'set':
        values[then.name] = typeof then.value === 'string' ? fillIn(then.value, look) : then.value
        break
      case 'require_approval':
        messages.push(`${name}${then.message === '' ? '' : `: ${fillIn(then.message, look)}`}`)
        break
      default: assertNever(then)
    }
  }
  return { values, approval: messages.length === 0 ? null : messages.join('\n') }
}

function refusal(message: string): AppError {
  return new AppError('INVALID_PARAMETERS', `${message} Nothing was started.`)
}
