import { type Condition, type WorkflowBody, WorkflowBodySchema, type WorkflowInput, type WorkflowProblem, type WorkflowStep, type WorkflowValue } from '#contract/workflows'
import { AppError } from '../errors'
import { findCycle } from '../tasks/graph'
import { parseReference, placeholdersOf } from './texts'
import { inputProblem } from './values'

const MAX_PROBLEMS = 100

/** All that is wrong with what may be a workflow, of whatever form; empty: nothing is. */
export function problemsOf(given: unknown, hasTemplate: (name: string) => boolean): WorkflowProblem[] {
  const parsed = WorkflowBodySchema.safeParse(given)
  if (!parsed.success) return parsed.error.issues.slice(0, MAX_PROBLEMS).map(({ path, message }) => ({ path: path.join('.'), message }))
  return [...inputProblems(parsed.data), ...ruleProblems(parsed.data), ...stepProblems(parsed.data, hasTemplate), ...outputProblems(parsed.data)].slice(0, MAX_PROBLEMS)
}

/** Throws AppError INVALID_PARAMETERS with the problems as its data. */
export function assertWorkflow(workflow: WorkflowBody, hasTemplate: (name: string) => boolean): void {
  const problems = problemsOf(workflow, hasTemplate)
  const [first] = problems
  if (!first) return
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`
  throw new AppError('INVALID_PARAMETERS', `${first.message}${more} Nothing was saved.`, { data: { problems } })
}

function inputProblems({ inputs }: WorkflowBody): WorkflowProblem[] {
  return inputs.flatMap((input, index) => {
    const at = (field: string, message: string) => ({ path: `inputs.${index}.${field}`, message })
    const wrongDefault = input.default === null ? null : inputProblem(input, input.default)
    return [
      ...(inputs.findIndex(({ name }) => name === input.name) < index ? [at('name', `Two inputs have the name “${input.name}”.`)] : []),
      ...(input.kind === 'choice' && input.choices.length === 0 ? [at('choices', `“${nameOf(input)}” is a choice of nothing: give what can be chosen.`)] : []),
      ...(wrongDefault === null ? [] : [at('default', wrongDefault)]),
    ]
  })
}

function ruleProblems({ inputs, rules }: WorkflowBody): WorkflowProblem[] {
  const known = new Set(inputs.map(({ name }) => name))
  return rules.flatMap(({ name, when, then }, index) => {
    const look: Look = { values: new Set(known), steps: new Set(), who: `The rule “${name}”` }
    const found = [
      ...conditionProblems(when, `rules.${index}.when`, look),
      ...(then.do === 'set' ? textProblems(then.value, `rules.${index}.then.value`, look) : textProblems(then.message, `rules.${index}.then.message`, look)),
    ]
    if (then.do === 'set') known.add(then.name)
    return found
  })
}

function stepProblems({ inputs, rules, steps }: WorkflowBody, hasTemplate: (name: string) => boolean): WorkflowProblem[] {
  const values = valueNames({ inputs, rules })
  const byKey = new Map(steps.map((step) => [step.key, step]))
  return steps.flatMap((step, index) => {
    const { key, title, dependsOn } = step
    const at = (field: string, message: string) => ({ path: `steps.${index}.${field}`, message })
    if (steps.findIndex((other) => other.key === key) < index) return [at('key', `Two steps have the key “${key}”.`)]
    const unknown = dependsOn.find((other) => !byKey.has(other))
    if (unknown !== undefined) return [at('dependsOn', `“${title}” waits for “${unknown}”, which is not there.`)]
    const cycle = findCycle(key, dependsOn, (other) => byKey.get(other)?.dependsOn ?? [])
    if (cycle) return [at('dependsOn', `This would be a circle: ${cycle.map((other) => `“${byKey.get(other)?.title ?? other}”`).join(' waits for ')}.`)]
    const look: Look = { values, steps: allBefore(step, byKey), others: byKey, who: `“${title}”` }
    return [
      ...(step.kind === 'task' && !hasTemplate(step.template) ? [at('template', `There is no kind of agent “${step.template}”.`)] : []),
      ...conditionProblems(step.when, `steps.${index}.when`, look),
      ...textProblems(title, `steps.${index}.title`, look),
      ...(step.kind === 'task' ? textProblems(step.instruction, `steps.${index}.instruction`, look) : textProblems(step.message, `steps.${index}.message`, look)),
    ]
  })
}

function outputProblems({ inputs, rules, steps, output }: WorkflowBody): WorkflowProblem[] {
  return textProblems(output, 'output', { values: valueNames({ inputs, rules }), steps: new Set(steps.map(({ key }) => key)), who: 'The output' })
}

function valueNames({ inputs, rules }: Pick<WorkflowBody, 'inputs' | 'rules'>): ReadonlySet<string> {
  return new Set([...inputs.map(({ name }) => name), ...rules.flatMap(({ then }) => (then.do === 'set' ? [then.name] : []))])
}

/** What can be named from one place. */
interface Look {
  readonly values: ReadonlySet<string>
  readonly steps: ReadonlySet<string>
  /** Those that are there, whether or not their result is known by then. */
  readonly others?: ReadonlyMap<string, WorkflowStep>
  readonly who: string
}

function conditionProblems(when: Condition | null, path: string, look: Look): WorkflowProblem[] {
  return (when?.comparisons ?? []).flatMap(({ value }, index) => referenceProblem(value, `${path}.comparisons.${index}.value`, look))
}

function textProblems(text: WorkflowValue, path: string, look: Look): WorkflowProblem[] {
  if (typeof text !== 'string') return []
  return [...new Set(placeholdersOf(text))].flatMap((name) => referenceProblem(name, path, look))
}

function referenceProblem(text: string, path: string, { values, steps, others, who }: Look): WorkflowProblem[] {
  const reference = parseReference(text)
  const known = reference !== null && (reference.kind === 'value' ? values.has(reference.name) : steps.has(reference.key))
  if (known) return []
  if (reference?.kind === 'step' && others?.has(reference.key)) return [{ path, message: `${who} uses “${text}” but does not wait for that step.` }]
  return [{ path, message: `${who} uses “${text.slice(0, 60)}”, which is neither an input nor the outcome or result of a step before.` }]
}

/** All that a step waits for, directly or not. */
function allBefore({ dependsOn }: WorkflowStep, byKey: ReadonlyMap<string, WorkflowStep>): ReadonlySet<string> {
  const before = new Set<string>()
  const open = [...dependsOn]
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (before.has(key)) continue
    before.add(key)
    open.push(...(byKey.get(key)?.dependsOn ?? []))
  }
  return before
}

function nameOf({ title, name }: WorkflowInput): string {
  return title || name
}
