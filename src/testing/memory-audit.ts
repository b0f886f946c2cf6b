import type { AuditHead, AuditSigning } from '#core/ports/audit-store'

/** A head that is kept nowhere, and a signature that anybody can make. */
export function memoryAuditSigning(): AuditSigning {
  const kept: { head: AuditHead | null } = { head: null }
  return {
    file: { read: () => Promise.resolve(kept.head), write: (head) => { kept.head = head; return Promise.resolve() } },
    newKey: () => 'key', mac: (key, number, hash) => `${key} ${number} ${hash}`,
  }
}
