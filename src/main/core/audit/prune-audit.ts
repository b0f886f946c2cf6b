import type { AuditSettings } from '#contract/audit'
import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'
import type { AuditLog } from './audit-log'

/** So many more than are kept, in hundredths, before the oldest go: not a few at a time. */
const SLACK = 110
const AT_ONCE = 1000

export interface PrunePorts {
  readonly store: Pick<Store, 'audit' | 'transaction'>
  readonly audit: Pick<AuditLog, 'append' | 'sign' | 'verify'>
  readonly clock: Pick<Clock, 'turn'>
  readonly settings: () => AuditSettings
}

/**
 * Removes the oldest records once there are too many. A record says so first, with the hash of the last of them and what there was, and it
 * is signed: from there the chain is proven on. What is not as it was written stays, for a person to look at. Returns how many were removed.
 */
export async function pruneAudit(ports: PrunePorts, traceId: string): Promise<number> {
  const { store, audit, settings } = ports
  const left = await removeAllowed(ports)
  const [first, head] = [store.audit.first(), store.audit.head()]
  const { keep } = settings()
  if (first === null || head === null || (head.number - first + 1) * 100 <= keep * SLACK) return left
  await audit.sign()
  const { ok, signedUpTo } = await audit.verify()
  const to = head.number - keep
  const hash = store.audit.hashOf(to)
  if (!ok || hash === null || (signedUpTo !== null && signedUpTo <= to)) return left
  store.transaction(() => {
    const found = store.audit.countUpTo(to)
    const counts = new Map(Object.entries(store.audit.cut()?.counts ?? {}))
    for (const { kind, severity, count } of found) counts.set(`${kind} ${severity}`, (counts.get(`${kind} ${severity}`) ?? 0) + count)
    const [from, until] = [Math.min(...found.map((each) => each.first)), Math.max(...found.map((each) => each.last))]
    audit.append({ kind: 'audit', severity: 'medium', title: `Records ${first} to ${to} were put away: only the newest ${keep} are kept`, content: { cut: { to, hash, counts: Object.fromEntries(counts), first, from, until } } }, { sessionId: null, runId: null, traceId })
    store.audit.allowCut(to, store.audit.head()?.number ?? 0)
  })
  await audit.sign()
  return left + (await removeAllowed(ports))
}

async function removeAllowed({ store, clock }: PrunePorts): Promise<number> {
  let removed = 0
  for (;;) {
    const gone = store.transaction(() => store.audit.removeCut(AT_ONCE))
    removed += gone
    if (gone === 0) return removed
    await clock.turn()
  }
}
