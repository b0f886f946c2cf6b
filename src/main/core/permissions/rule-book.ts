import type { PermissionRule } from '#contract/permissions'
import { type CompiledRule, compileRule, type Subject } from './match'

/** Rules of a person, made ready. The first that fits decides; those of one tool are found by its name. */
export interface RuleBook {
  /** Null: none fits. */
  first(subject: Subject): PermissionRule | null
  /** All that fit, in the order in which they count. */
  all(subject: Subject): PermissionRule[]
}

const strictness = { deny: 0, ask: 1, allow: 2 } as const

export function inOrder(rules: readonly PermissionRule[]): PermissionRule[] {
  return [...rules].sort((one, other) => other.priority - one.priority || strictness[one.effect] - strictness[other.effect] || one.createdAt - other.createdAt)
}

/** `rules`: those that count for a session at this time. */
export function createRuleBook(rules: readonly PermissionRule[]): RuleBook {
  const ordered = inOrder(rules).map((rule, place) => ({ ...compileRule(rule), place }))
  const general = ordered.filter(({ rule }) => rule.tool === null || rule.tool.includes('*'))
  const byTool = new Map<string, (CompiledRule & { readonly place: number })[]>()
  for (const compiled of ordered) {
    const { tool } = compiled.rule
    if (tool !== null && !tool.includes('*')) byTool.set(tool, [...(byTool.get(tool) ?? []), compiled])
  }
  for (const [tool, own] of byTool) byTool.set(tool, [...own, ...general].sort((one, other) => one.place - other.place))
  const candidates = (subject: Subject) => byTool.get(subject.toolName) ?? general
  return {
    first: (subject) => candidates(subject).find(({ fits }) => fits(subject))?.rule ?? null,
    all: (subject) => candidates(subject).flatMap(({ rule, fits }) => (fits(subject) ? [rule] : [])),
  }
}
