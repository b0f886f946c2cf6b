import type { Condition, NewPermissionRule } from './permissions'

const verbs = { allow: 'allow', ask: 'ask before', deny: 'never allow' } as const
const capabilities = {
  read: 'reading', edit: 'changes of files', execute: 'commands', network: 'asking servers', memory: 'notes', propose: 'proposals', delegate: 'starting agents', tasks: 'making tasks', ask: 'questions', mcp: 'tools of MCP servers', script: 'scripts',
} as const
const operators = {
  equals: 'is', contains: 'contains', startsWith: 'starts with', endsWith: 'ends with', matches: 'matches', in: 'is one of', notIn: 'is none of',
} as const

/** A rule as a sentence: `never allow commands when command contains “rm -rf”`. */
export function describeRule(rule: Pick<NewPermissionRule, 'effect' | 'tool' | 'capability' | 'conditions' | 'note'>): string {
  const what = rule.tool ?? (rule.capability === null ? 'everything' : capabilities[rule.capability])
  const when = rule.conditions.map(describeCondition).join(' and ')
  const note = rule.note === '' ? '' : ` (${rule.note})`
  return `${verbs[rule.effect]} ${what}${when === '' ? '' : ` when ${when}`}${note}`
}

/** `command contains “rm -rf”` */
export function describeCondition({ key, operator, value }: Condition): string {
  const shown = (typeof value === 'string' ? [value] : value).map((each) => `“${each.length > 80 ? `${each.slice(0, 79)}…` : each}”`).join(', ')
  return `${key.replace(/^argument\./, '')} ${operators[operator]} ${shown}`
}
