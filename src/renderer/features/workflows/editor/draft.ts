import type { Condition, WorkflowBody, WorkflowInput, WorkflowRule, WorkflowStep } from '#contract/workflows'

export const emptyWorkflow: WorkflowBody = { name: '', description: '', inputs: [], rules: [], steps: [], output: '' }

export const newCondition: Condition = { match: 'all', comparisons: [{ value: '', is: 'equal', to: '' }] }

export function newInput({ inputs }: Pick<WorkflowBody, 'inputs'>): WorkflowInput {
  return { name: unusedName('input', inputs.map(({ name }) => name)), title: '', kind: 'text', choices: [], required: true, default: null }
}

export function newRule({ rules }: Pick<WorkflowBody, 'rules'>): WorkflowRule {
  return { name: `Rule ${rules.length + 1}`, when: newCondition, then: { do: 'require_approval', message: '' } }
}

/** It waits for the one before it: that is what is meant most often. */
export function newStep({ steps }: Pick<WorkflowBody, 'steps'>, kind: WorkflowStep['kind']): WorkflowStep {
  const last = steps.at(-1)
  const base = { key: unusedName('step', steps.map(({ key }) => key)), title: '', dependsOn: last === undefined ? [] : [last.key], when: null }
  if (kind === 'approval') return { ...base, kind, message: '' }
  return { ...base, kind, instruction: '', template: 'general', model: null, mode: null, budget: { maxCostUsd: null, maxTokens: null, maxMinutes: null }, mayFail: false }
}

function unusedName(start: string, used: readonly string[]): string {
  let number = used.length + 1
  while (used.includes(`${start}${number}`)) number += 1
  return `${start}${number}`
}

export function withItem<T>(items: readonly T[], index: number, item: T): T[] {
  return items.map((other, place) => (place === index ? item : other))
}

/** One place further to the start or the end. */
export function moved<T>(items: readonly T[], from: number, step: 1 | -1): T[] {
  const item = items[from]
  const to = from + step
  return item === undefined || to < 0 || to >= items.length ? [...items] : items.toSpliced(from, 1).toSpliced(to, 0, item)
}

/** Nobody waits for it any more. */
export function withoutStep(steps: readonly WorkflowStep[], key: string): WorkflowStep[] {
  return steps.filter((step) => step.key !== key).map((step) => ({ ...step, dependsOn: step.dependsOn.filter((other) => other !== key) }))
}

/** Everywhere where it is named: in dependencies, conditions and placeholders; only itself while it has no key of its own. */
export function renamedStep(workflow: WorkflowBody, index: number, to: string): WorkflowBody {
  const from = workflow.steps[index]?.key ?? ''
  if (from === '' || workflow.steps.filter(({ key }) => key === from).length > 1) return { ...workflow, steps: workflow.steps.map((step, place) => (place === index ? { ...step, key: to } : step)) }
  const name = (reference: string): string => (reference === `${from}.outcome` ? `${to}.outcome` : reference === `${from}.result` ? `${to}.result` : reference)
  const text = (words: string): string => words.replaceAll(/\{\{([^{}]*)\}\}/g, (_whole, reference: string) => `{{${name(reference.trim())}}}`)
  const condition = (when: Condition | null): Condition | null => when && { ...when, comparisons: when.comparisons.map((comparison) => ({ ...comparison, value: name(comparison.value) })) }
  const steps = workflow.steps.map((step): WorkflowStep => {
    const shared = { key: step.key === from ? to : step.key, title: text(step.title), dependsOn: step.dependsOn.map((key) => (key === from ? to : key)), when: condition(step.when) }
    return step.kind === 'task' ? { ...step, ...shared, instruction: text(step.instruction) } : { ...step, ...shared, message: text(step.message) }
  })
  return { ...workflow, steps, output: text(workflow.output) }
}

/** Those that a step may wait for: not itself, and none that waits for it, directly or not. */
export function possibleBefore(steps: readonly WorkflowStep[], key: string): WorkflowStep[] {
  const waiting = new Set([key])
  for (let before = 0; before < waiting.size;) {
    before = waiting.size
    for (const step of steps) if (step.dependsOn.some((other) => waiting.has(other))) waiting.add(step.key)
  }
  return steps.filter((step) => !waiting.has(step.key))
}

/** What a condition or a text of the step can name; without a step: of a rule. */
export function namesFor({ inputs, rules, steps }: WorkflowBody, step: WorkflowStep | null): string[] {
  const values = [...new Set([...inputs.map(({ name }) => name), ...rules.flatMap(({ then }) => (then.do === 'set' ? [then.name] : []))])]
  if (step === null) return values
  const before = new Set<string>()
  const open = [...step.dependsOn]
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (before.has(key)) continue
    before.add(key)
    open.push(...(steps.find((other) => other.key === key)?.dependsOn ?? []))
  }
  return [...values, ...[...before].flatMap((key) => [`${key}.outcome`, `${key}.result`])]
}
