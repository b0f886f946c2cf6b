import type { Permission } from '../permissions/rules'
import type { Violation } from './policies'

/** What the rules say, made stricter by a policy of the person. `warning`: what is to be told of it. */
export function withPolicy(byRules: Permission, violation: Violation | null): { readonly permission: Permission; readonly warning: Violation | null } {
  if (!violation || byRules.effect === 'deny') return { permission: byRules, warning: null }
  const held = { rule: 'policy', reason: violation.why, grantable: false } as const
  switch (violation.policy.action) {
    case 'stop': return { permission: { ...held, effect: 'deny' }, warning: violation }
    case 'ask': return { permission: { ...held, effect: 'ask' }, warning: null }
    case 'warn': return { permission: byRules, warning: violation }
  }
}
