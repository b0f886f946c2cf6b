import type { Decision } from '#contract/entries'
import type { HumanRequest } from '#contract/human-requests'

/** Approvals can be answered together; a question has an answer of its own, and a plan is read first. */
export function canBatch({ kind, planId }: Pick<HumanRequest, 'kind' | 'planId'>): boolean {
  return kind === 'approval' && planId === undefined
}

/** What all of them take. */
export function sharedDecisions(requests: readonly Pick<HumanRequest, 'decisions'>[]): readonly Decision[] {
  const [first, ...others] = requests
  return (first?.decisions ?? []).filter((decision) => others.every(({ decisions }) => decisions.includes(decision)))
}
