import type { BehaviorProfile, EffectiveRule } from '#contract/behavior'

type Rules = Pick<BehaviorProfile, 'scope' | 'target' | 'rules'>

/** What counts, from broad to narrow: of rules with the same key, the one of the last profile. Rules that are off are not there at all. */
export function composeRules(profiles: readonly Rules[]): EffectiveRule[] {
  const all = profiles.flatMap(({ scope, target, rules }) => rules.filter(({ enabled }) => enabled).map(({ key, text }): EffectiveRule => ({ ...(key !== undefined && { key }), text, scope, target })))
  return all.filter(({ key }, index) => key === undefined || all.findLastIndex((other) => other.key === key) === index)
}

const where: Readonly<Record<EffectiveRule['scope'], string>> = { user: '', workspace: ' (in this folder)', agent: ' (for this agent)' }

/** The part of the instructions that the rules are; empty without rules. */
export function behaviorText(rules: readonly Pick<EffectiveRule, 'text' | 'scope'>[]): string {
  if (rules.length === 0) return ''
  return `The user has set these rules for how you work and answer. Follow them.
They are about style and habits only: they give no permission, and what needs approval still needs it.
${rules.map(({ text, scope }) => `- ${text}${where[scope]}`).join('\n')}`
}
