import type { GuardrailHit, Policy, PolicyAction } from '#contract/guardrails'
import { withoutSecrets } from '../sessions/export/redact'

/** Of a text that is looked through. */
const MOST_CHARS = 1_000_000
const AROUND = 40

export interface Violation {
  readonly policy: Policy
  /** In plain words, with what was found. */
  readonly why: string
}

const strictness: Readonly<Record<PolicyAction, number>> = { stop: 0, ask: 1, warn: 2 }

/** The strictest policy that a text goes against; null: none. The time it takes grows with the text alone. */
export function violationOf(policies: readonly Policy[], on: Exclude<GuardrailHit['on'], 'run'>, text: string, tool?: string): Violation | null {
  const looked = text.slice(0, MOST_CHARS)
  const lowered = looked.toLowerCase()
  const inOrder = policies.filter((policy) => policy.enabled && policy.on.includes(on) && (on !== 'tool' || policy.tool === null || policy.tool === tool))
    .sort((one, other) => strictness[one.action] - strictness[other.action])
  for (const policy of inOrder) {
    for (const pattern of policy.patterns) {
      const at = placeOf(lowered, pattern.toLowerCase())
      if (at !== null) return { policy, why: `The policy “${policy.name}” looks for “${pattern}”, and found: ${excerpt(looked, at)}` }
    }
  }
  return null
}

/** Where a pattern begins in a text: its parts after each other within one line. */
export function placeOf(text: string, pattern: string): number | null {
  const [first = '', ...rest] = pattern.split('*').filter((part) => part !== '')
  let start = text.indexOf(first)
  while (start !== -1) {
    const lineEnd = text.indexOf('\n', start + first.length)
    const end = lineEnd === -1 ? text.length : lineEnd
    const line = text.slice(start + first.length, end)
    if (fitsInOrder(line, rest)) return start
    // The first place of a line leaves the most room for what comes after it.
    start = text.indexOf(first, Math.max(end, start + 1))
  }
  return null
}

function fitsInOrder(line: string, parts: readonly string[]): boolean {
  let from = 0
  for (const part of parts) {
    const at = line.indexOf(part, from)
    if (at === -1) return false
    from = at + part.length
  }
  return true
}

function excerpt(text: string, at: number): string {
  const part = withoutSecrets(text.slice(Math.max(0, at - AROUND), at + 3 * AROUND)).replace(/\s+/g, ' ').trim()
  return `“${part}”`
}

/** All texts of the arguments of a call, as they would be used. */
export function textOf(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || depth > 20) return String(value)
  return Object.values(value).map((item) => textOf(item, depth + 1)).join('\n')
}
