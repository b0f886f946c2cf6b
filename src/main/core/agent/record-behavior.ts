import type { EffectiveRule } from '#contract/behavior'
import type { Turn, TurnPorts } from './turn'

/** The journal says from where on which rules counted. Nothing where they are those of the call before. */
export function recordBehavior({ events }: Pick<TurnPorts, 'events'>, turn: Turn, rules: readonly EffectiveRule[]): void {
  const before = rulesOnPath(turn.path)
  const had = new Set(before.map(named))
  const has = new Set(rules.map(named))
  if (before.map(named).join('\n') === rules.map(named).join('\n')) return
  const textsMissingIn = (others: ReadonlySet<string>, from: readonly EffectiveRule[]) => from.filter((rule) => !others.has(named(rule))).map(({ text }) => text)
  events.transact((emit) => {
    turn.append(emit, { kind: 'behavior_change', rules: [...rules], added: textsMissingIn(had, rules), removed: textsMissingIn(has, before) }, null)
  }, 'later')
}

/** The rules of the newest call on a path. */
export function rulesOnPath(path: Turn['path']): readonly EffectiveRule[] {
  const newest = path.findLast(({ payload }) => payload.kind === 'behavior_change')
  return newest?.payload.kind === 'behavior_change' ? newest.payload.rules : []
}

function named({ scope, target, text }: EffectiveRule): string {
  return `${scope} ${target ?? ''} ${text}`
}
