import type { Comparison, Condition, WorkflowRunStep, WorkflowStepState, WorkflowValue } from '#contract/workflows'
import { assertNever } from '../errors'

/** What a condition or a placeholder names: `amount`, `check.outcome`, `check.result`. */
export type Reference = { readonly kind: 'value'; readonly name: string } | { readonly kind: 'step'; readonly key: string; readonly part: 'outcome' | 'result' }

/** Null: it names nothing that there could be. */
export function parseReference(text: string): Reference | null {
  const [, value] = /^([A-Za-z][A-Za-z0-9_]*)$/.exec(text) ?? []
  if (value !== undefined) return { kind: 'value', name: value }
  const [, key, part] = /^([A-Za-z0-9_-]+)\.(outcome|result)$/.exec(text) ?? []
  return key === undefined ? null : { kind: 'step', key, part: part === 'outcome' ? 'outcome' : 'result' }
}

const placeholder = /\{\{([^{}]{0,200})\}\}/g

/** What the placeholders of a text name, without the space around. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name.trim())
}

export type Lookup = (reference: string) => WorkflowValue

/** Each placeholder replaced once: what comes in is not looked at again. */
export function fillIn(text: string, look: Lookup): string {
  return text.replaceAll(placeholder, (_whole, name: string) => wordOf(look(name.trim())))
}

/** Every value as it can be read: of a step that was not done, the result is empty. */
export function lookupIn(values: Readonly<Record<string, WorkflowValue>>, steps: readonly WorkflowRunStep[]): Lookup {
  const byKey = new Map(steps.map((step) => [step.key, step]))
  return (text) => {
    const reference = parseReference(text)
    if (reference === null) return ''
    if (reference.kind === 'value') return Object.hasOwn(values, reference.name) ? (values[reference.name] ?? '') : ''
    const step = byKey.get(reference.key)
    if (!step) return ''
    return reference.part === 'result' ? step.result : outcomeWord(step.state)
  }
}

/** As conditions name it: `done`, `failed`, `skipped`, `blocked`. */
export function outcomeWord(state: WorkflowStepState): string {
  return state === 'cancelled' ? 'failed' : state
}

export function holds({ match, comparisons }: Condition, look: Lookup): boolean {
  const isTrue = (comparison: Comparison) => compare(look(comparison.value), comparison)
  return match === 'all' ? comparisons.every(isTrue) : comparisons.some(isTrue)
}

/** Numbers are compared as numbers, also where one of them is written as text; texts without regard to case. */
function compare(value: WorkflowValue, { is, to }: Comparison): boolean {
  switch (is) {
    case 'equal': return isSame(value, to)
    case 'not_equal': return !isSame(value, to)
    case 'less': return inOrder(value, to, (left, right) => left < right)
    case 'at_most': return inOrder(value, to, (left, right) => left <= right)
    case 'more': return inOrder(value, to, (left, right) => left > right)
    case 'at_least': return inOrder(value, to, (left, right) => left >= right)
    case 'contains': return has(value, to)
    case 'not_contains': return !has(value, to)
    case 'empty': return wordOf(value).trim() === ''
    case 'not_empty': return wordOf(value).trim() !== ''
    default: return assertNever(is)
  }
}

function isSame(value: WorkflowValue, to: WorkflowValue): boolean {
  const [left, right] = [numberOf(value), numberOf(to)]
  return left !== null && right !== null ? left === right : wordOf(value).trim().toLowerCase() === wordOf(to).trim().toLowerCase()
}

/** What is no number is in no order. */
function inOrder(value: WorkflowValue, to: WorkflowValue, test: (left: number, right: number) => boolean): boolean {
  const [left, right] = [numberOf(value), numberOf(to)]
  return left !== null && right !== null && test(left, right)
}

function has(value: WorkflowValue, part: WorkflowValue): boolean {
  return wordOf(value).toLowerCase().includes(wordOf(part).toLowerCase())
}

function numberOf(value: WorkflowValue): number | null {
  if (typeof value === 'boolean') return null
  const number = typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value)
  return Number.isFinite(number) ? number : null
}

function wordOf(value: WorkflowValue): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}
