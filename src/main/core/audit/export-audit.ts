import type { AuditFilter } from '#contract/audit'
import type { Store } from '../ports/store'
import { withoutSecrets } from '../sessions/export/redact'

const AT_ONCE = 500

/** All that fits, newest first, in pieces of JSON lines. */
export function* exportAudit({ audit }: Pick<Store, 'audit'>, filter: AuditFilter): Generator<string, void, void> {
  let cursor: string | undefined
  do {
    const { items, nextCursor } = audit.list({ ...filter, limit: AT_ONCE, cursor })
    if (items.length > 0) yield items.map((record) => `${withoutSecrets(JSON.stringify(record))}\n`).join('')
    cursor = nextCursor ?? undefined
  } while (cursor !== undefined)
}
