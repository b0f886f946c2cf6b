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
  return { rule, fits: (subject) => tests.every((test) => test(subject)) }
}

function toolTest(tool: string): Test {
  if (!tool.includes('*')) return ({ toolName }) => toolName === tool
  const fits = matcher(tool.replaceAll(/\*+/g, '**'))
  return ({ toolName }) => fits(toolName)
}

/** For `every`, all of what there is must fit, and there must be something: an allowance is never wider than what it names. */
function conditionTest(condition: Condition, every: boolean): Test {
  const fits = valueTest(condition)
  return (subject) => {
    const values = valuesOf(condition.key, subject)
    return every ? values.length > 0 && values.every(fits) : values.some(fits)
  }
}

function valuesOf(key: string, subject: Subject): readonly string[] {
  switch (key) {
    case 'path': return subject.paths
    case 'host': return subject.hosts
    case 'mode': return [subject.mode]
    case 'agent': return [subject.agent]
    case 'sandboxed': return [String(subject.sandboxed)]
    case 'command': return textsOf(subject.arguments['command'])
    default: return textsOf(subject.arguments[key.slice('argument.'.length)])
  }
}

function textsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.flatMap(textsOf)
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
  const parts = [...pattern.matchAll(/\*+|[^*]/gsu)].map(([part]) => part)
  const close = (states: Set<number>) => {
    // A star may stand for nothing; states are visited in the order in which they were added.
    for (const state of states) if (parts[state]?.startsWith('*')) states.add(state + 1)
    return states
  }
  return (text) => {
    if (text.length > LONGEST_TEXT) return false
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
