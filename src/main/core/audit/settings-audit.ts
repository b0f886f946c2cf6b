import type { Settings } from '#contract/settings'
import type { Audit } from './audit-log'

/** What of the settings says what agents may do. */
const watched = ['guardrails', 'audit', 'web', 'limits', 'defaultMode'] as const

/** Records changes of the settings that widen or narrow what agents may do. Called after every change. */
export function createSettingsAudit({ audit, newTraceId }: { readonly audit: Audit; readonly newTraceId: () => string }, first: Settings): (settings: Settings) => void {
  let before = first
  return (settings) => {
    for (const name of watched) {
      if (JSON.stringify(before[name]) === JSON.stringify(settings[name])) continue
      audit.append({ kind: 'rule', severity: 'medium', title: `Settings changed: ${name}`, content: { before: before[name], after: settings[name] } }, { sessionId: null, runId: null, traceId: newTraceId() })
    }
    before = settings
  }
}
