import type { BehaviorDiff, BehaviorRule } from '#contract/behavior'

/** A rule is the same one when its key is, or, without a key, its text. */
export function diffRules(before: readonly BehaviorRule[], after: readonly BehaviorRule[]): BehaviorDiff {
  const earlier = new Map(before.map((rule) => [identity(rule), rule]))
  const later = new Map(after.map((rule) => [identity(rule), rule]))
  const kept = (rules: readonly BehaviorRule[], others: ReadonlyMap<string, unknown>) => rules.map(identity).filter((id) => others.has(id)).join('\n')
  return {
    added: after.filter((rule) => !earlier.has(identity(rule))),
    removed: before.filter((rule) => !later.has(identity(rule))),
    changed: after.flatMap((rule) => {
      const was = earlier.get(identity(rule))
      return was && (was.text !== rule.text || was.enabled !== rule.enabled) ? [{ before: was, after: rule }] : []
    }),
    moved: kept(before, later) !== kept(after, earlier),
  }
}

export function isUnchanged({ added, removed, changed, moved }: BehaviorDiff): boolean {
  return added.length === 0 && removed.length === 0 && changed.length === 0 && !moved
}

function identity({ key, text }: BehaviorRule): string {
  return key === undefined ? `text ${text}` : `key ${key}`
}
