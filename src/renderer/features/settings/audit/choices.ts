import type { AuditKind } from '#contract/audit'

export const kindChoices = [
  { value: 'all', label: 'Everything' }, { value: 'decision', label: 'Decisions' }, { value: 'approval', label: 'Approvals' }, { value: 'tool', label: 'Tool calls' },
  { value: 'rule', label: 'Rules' }, { value: 'grant', label: 'Grants' }, { value: 'trust', label: 'Trust' }, { value: 'secret', label: 'Keys' }, { value: 'login', label: 'Logins' },
  { value: 'guardrail', label: 'Guardrails' }, { value: 'activity', label: 'Notes of agents' }, { value: 'lock', label: 'Lock-downs' }, { value: 'restore', label: 'Restores' }, { value: 'audit', label: 'The audit itself' },
] as const satisfies readonly { readonly value: AuditKind | 'all'; readonly label: string }[]

export const severityChoices = [
  { value: 'low', label: 'All' }, { value: 'medium', label: 'Medium and above' }, { value: 'high', label: 'High and above' }, { value: 'critical', label: 'Critical' },
] as const

const HOUR_MS = 3_600_000

export const timeChoices = [
  { value: 'all', label: 'Any time' }, { value: 'hour', label: 'The last hour' }, { value: 'day', label: 'The last day' }, { value: 'week', label: 'The last week' },
] as const

export function timeOf(value: (typeof timeChoices)[number]['value'], now: number): number | null {
  switch (value) {
    case 'all': return null
    case 'hour': return now - HOUR_MS
    case 'day': return now - 24 * HOUR_MS
    case 'week': return now - 7 * 24 * HOUR_MS
  }
}

export function kindLabel(kind: AuditKind): string {
  return kindChoices.find(({ value }) => value === kind)?.label ?? kind
}
