import type { Condition, PermissionRule } from '#contract/permissions'
import type { Capability } from '../tools/tool'

/** What conditions look at. */
export interface Subject {
  readonly toolName: string
  readonly capability: Capability
  readonly paths: readonly string[]
  readonly hosts: readonly string[]
  readonly mode: string
  /** Its template. */
  readonly agent: string
  readonly sandboxed: boolean
  readonly arguments: Readonly<Record<string, unknown>>
}

const LONGEST_TEXT = 100_000

type Test = (subject: Subject) => boolean

/** A rule made ready to be asked many times. */
export interface CompiledRule {
  readonly rule: PermissionRule
  readonly fits: Test
}

export function compileRule(rule: PermissionRule): CompiledRule {
  const tests: Test[] = [
    ...(rule.tool === null || rule.tool === '*' ? [] : [toolTest(rule.tool)]),
    ...(rule.capability === null ? [] : [(subject: Subject) => subject.capability === rule.capability]),
    ...rule.conditions.map((condition) => conditionTest(condition, rule.effect === 'allow')),
  ]
  const [only] = tests
  return { rule, fits: tests.length === 1 && only ? only : (subject) => tests.every((test) => test(subject)) }
}

function toolTest(tool: string): Test {
  if (!tool.includes('*')) return ({ toolName }) => toolName === tool
  const fits = matcher(tool.replaceAll(/\*+/g, '**'))
  return ({ toolName }) => fits(toolName)
}

/** For `every`, all of what there is must fit, and there must be something: an allowance is never wider than what it names. */
function conditionTest(condition: Condition, every: boolean): Test {
  const fits = valueTest(condition)
  const read = readerOf(condition.key)
  return (subject) => {
    const value = read(subject)
    if (typeof value === 'string') return fits(value)
    const values = textsOf(value)
    return every ? values.length > 0 && values.every(fits) : values.some(fits)
  }
}

function readerOf(key: string): (subject: Subject) => unknown {
  switch (key) {
    case 'path': return ({ paths }) => paths
    case 'host': return ({ hosts }) => hosts
    case 'mode': return ({ mode }) => mode
    case 'agent': return ({ agent }) => agent
    case 'sandboxed': return ({ sandboxed }) => String(sandboxed)
    case 'command': return ({ arguments: given }) => given['command']
    default: {
      const name = key.slice('argument.'.length)
      return ({ arguments: given }) => given[name]
    }
  }
}

function textsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.length === 1 && typeof value[0] === 'string' ? [value[0]] : value.flatMap(textsOf)
  return [typeof value === 'string' ? value : JSON.stringify(value)]
}

function valueTest({ operator, value }: Condition): (text: string) => boolean {
  const list = typeof value === 'string' ? [value] : value
  const [only = ''] = list
  switch (operator) {
    case 'equals': return (text) => text === only
    case 'contains': return (text) => text.includes(only)
    case 'startsWith': return (text) => text.startsWith(only)
    case 'endsWith': return (text) => text.endsWith(only)
    case 'in': return (text) => list.includes(text)
    case 'notIn': return (text) => !list.includes(text)
    case 'matches': return matcher(only)
  }
}

/** Anchored, and in time that grows with the length of both: `**` stands for anything, `*` for anything within a name, so without a slash. */
export function matcher(pattern: string): (text: string) => boolean {
  const firstStar = pattern.indexOf('*')
  if (firstStar === -1) return (text) => text === pattern
  const start = pattern.slice(0, firstStar)
  const end = pattern.slice(pattern.lastIndexOf('*') + 1)
  const middle = pattern.slice(firstStar, pattern.length - end.length)
  const shortest = start.length + end.length
  const isAnything = /^\*{2,}$/.test(middle)
  const fits = isAnything ? () => true : stepwise(pattern)
  // Most texts differ in how they begin or end; only the others are walked through.
  return (text) => text.length >= shortest && text.length <= LONGEST_TEXT && text.startsWith(start) && text.endsWith(end) && fits(text)
}

function stepwise(pattern: string): (text: string) => boolean {
  const parts = [...pattern.matchAll(/\*+|[^*]/gsu)].map(([part]) => part)
  const close = (states: Set<number>) => {
    // A star may stand for nothing; states are visited in the order in which they were added.
    for (const state of states) if (parts[state]?.startsWith('*')) states.add(state + 1)
    return states
  }
  return (text) => {
    let states = close(new Set([0]))
    for (const char of text) {
      const next = new Set<number>()
      for (const state of states) {
        const part = parts[state]
        if (part === undefined) continue
        if (!part.startsWith('*')) {
          if (part === char) next.add(state + 1)
        } else if (part.length > 1 || char !== '/') next.add(state)
      }
      if (next.size === 0) return false
      states = close(next)
    }
    return states.has(parts.length)
  }
}
