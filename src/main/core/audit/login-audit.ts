import type { Clock } from '../ports/system'
import type { Audit } from './audit-log'

export interface Login {
  readonly ok: boolean
  readonly via: 'rest' | 'window' | 'stream'
  /** The address it came from. */
  readonly from: string
}

/** Requests with the same token from the same place are one visit; refused ones are counted, so that a flood is a few records. */
const SAME_VISIT_MS = 3_600_000
const SAME_REFUSAL_MS = 60_000
const MOST_PLACES = 1000

/** Who came over the network with the right token, and who without. */
export function createLoginAudit({ audit, clock, newTraceId }: { readonly audit: Audit; readonly clock: Clock; readonly newTraceId: () => string }): (login: Login) => void {
  const places = new Map<string, { readonly at: number; more: number }>()
  return ({ ok, via, from }) => {
    const key = `${ok} ${via} ${from}`
    const known = places.get(key)
    if (known && clock.elapsed() - known.at < (ok ? SAME_VISIT_MS : SAME_REFUSAL_MS)) {
      known.more += 1
      return
    }
    if (places.size >= MOST_PLACES) places.clear()
    places.set(key, { at: clock.elapsed(), more: 0 })
    const title = ok ? `${from} came in with the token (${via})` : `${from} was refused: no token, or a wrong one (${via})`
    audit.append({ kind: 'login', severity: ok ? 'low' : 'high', title, content: { ok, via, from, ...(known && known.more > 0 && { sinceTheLast: known.more }) } }, { sessionId: null, runId: null, traceId: newTraceId() })
  }
}
