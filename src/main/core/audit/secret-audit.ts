import type { SecretStore } from '../ports/secret-store'
import type { Clock } from '../ports/system'
import type { Audit } from './audit-log'

/** A key that is read again within this time is the same use of it. */
const SAME_USE_MS = 600_000
const MOST_NAMES = 1000

/** Every use of a key that is there, and every change of one, is recorded by its name; the value never is. */
export function withSecretAudit(secrets: SecretStore, { audit, clock, newTraceId }: { readonly audit: Audit; readonly clock: Clock; readonly newTraceId: () => string }): SecretStore {
  const lastUse = new Map<string, number>()
  const note = (title: string, name: string, severity: 'low' | 'medium') => audit.append({ kind: 'secret', severity, title: `${title}: ${name}`, content: { name } }, { sessionId: null, runId: null, traceId: newTraceId() })
  return {
    get kind() {
      return secrets.kind
    },
    get: async (name) => {
      const value = await secrets.get(name)
      const now = clock.elapsed()
      if (value === null || now - (lastUse.get(name) ?? -Infinity) < SAME_USE_MS) return value
      if (lastUse.size >= MOST_NAMES) lastUse.clear()
      lastUse.set(name, now)
      note('Key read', name, 'low')
      return value
    },
    set: async (name, value) => {
      await secrets.set(name, value)
      note('Key kept', name, 'medium')
    },
    remove: async (name) => {
      await secrets.remove(name)
      lastUse.delete(name)
      note('Key removed', name, 'medium')
    },
  }
}
