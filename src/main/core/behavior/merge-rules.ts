import type { BehaviorConflict, BehaviorRule, BehaviorStrategy } from '#contract/behavior'
import { MAX_RULES, MAX_RULES_CHARS } from '#contract/behavior'
import { AppError, assertNever } from '../errors'

export interface MergedRules {
  readonly rules: readonly BehaviorRule[]
  readonly conflicts: readonly BehaviorConflict[]
}

/** The rules of one profile after an adjustment. AppError INVALID_PARAMETERS for what makes no sense or is too much. */
export function mergeRules(before: readonly BehaviorRule[], strategy: BehaviorStrategy, given: readonly BehaviorRule[]): MergedRules {
  const wanted = given.map(cleaned)
  refuseTwice(wanted)
  const merged = merge(before, strategy, wanted)
  if (merged.rules.length > MAX_RULES) throw invalid(`A profile has at most ${MAX_RULES} rules; this would make ${merged.rules.length}. Nothing was changed.`)
  const chars = merged.rules.reduce((sum, { text }) => sum + text.length, 0)
  if (chars > MAX_RULES_CHARS) throw invalid(`The rules of a profile have at most ${MAX_RULES_CHARS} characters, since every call is sent them; these have ${chars}. Nothing was changed.`)
  return merged
}

function merge(before: readonly BehaviorRule[], strategy: BehaviorStrategy, wanted: readonly BehaviorRule[]): MergedRules {
  switch (strategy) {
    case 'append': return append(before, wanted)
    case 'replace': return { rules: wanted, conflicts: [] }
    case 'override': return override(before, wanted)
    case 'remove': return remove(before, wanted)
    default: return assertNever(strategy)
  }
}

function append(before: readonly BehaviorRule[], wanted: readonly BehaviorRule[]): MergedRules {
  const conflicts: BehaviorConflict[] = []
  const added = wanted.filter((rule) => {
    const same = before.find(({ text }) => comparable(text) === comparable(rule.text))
    if (same) {
      conflicts.push({ kind: 'duplicate', rule, other: placeless(same), message: `“${shown(rule)}” is there already.` })
      return false
    }
    const taken = rule.key === undefined ? undefined : before.find(({ key }) => key === rule.key)
    if (taken) conflicts.push({ kind: 'key_taken', rule, other: placeless(taken), message: `The key ${rule.key ?? ''} belongs to “${shown(taken)}”, which stays. Override it to put the new rule in its place.` })
    return !taken
  })
  return { rules: [...before, ...added], conflicts }
}

function override(before: readonly BehaviorRule[], wanted: readonly BehaviorRule[]): MergedRules {
  const keyless = wanted.find(({ key }) => key === undefined)
  if (keyless) throw invalid(`Without a key, “${shown(keyless)}” cannot take the place of another rule. Give it one, or append it.`)
  const byKey = new Map(wanted.map((rule) => [rule.key, rule]))
  const known = new Set(before.map(({ key }) => key))
  return {
    rules: [...before.map((rule) => (rule.key === undefined ? rule : (byKey.get(rule.key) ?? rule))), ...wanted.filter(({ key }) => !known.has(key))],
    conflicts: [],
  }
}

function remove(before: readonly BehaviorRule[], wanted: readonly BehaviorRule[]): MergedRules {
  const isMeant = (rule: BehaviorRule, meant: BehaviorRule) => (meant.key === undefined ? comparable(rule.text) === comparable(meant.text) : rule.key === meant.key)
  const conflicts = wanted.filter((meant) => !before.some((rule) => isMeant(rule, meant)))
    .map((rule): BehaviorConflict => ({ kind: 'not_found', rule, other: null, message: `There is no rule ${rule.key === undefined ? `“${shown(rule)}”` : `with the key ${rule.key}`} to remove.` }))
  return { rules: before.filter((rule) => !wanted.some((meant) => isMeant(rule, meant))), conflicts }
}

function refuseTwice(rules: readonly BehaviorRule[]): void {
  const keys = new Set<string>()
  for (const { key } of rules) {
    if (key === undefined) continue
    if (keys.has(key)) throw invalid(`The key ${key} is given twice. A key stands for one rule.`)
    keys.add(key)
  }
}

/** One line: a rule cannot look like something else in what the model is sent. */
function cleaned({ key, text, enabled }: BehaviorRule): BehaviorRule {
  return { ...(key !== undefined && { key }), text: text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim(), enabled }
}

export function comparable(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

function placeless(rule: BehaviorRule): NonNullable<BehaviorConflict['other']> {
  return { ...rule, scope: 'user', target: null }
}

function shown({ text }: BehaviorRule): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function invalid(message: string): AppError {
  return new AppError('INVALID_PARAMETERS', message)
}
