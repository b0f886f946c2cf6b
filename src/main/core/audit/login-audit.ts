import type { Clock } from '../ports/system'
import type { Audit } from './audit-log'

export interface Login {
  readonly ok: boolean
  readonly via: 'rest' | 'window' | 'stream' | 'mcp'
  /** The address it came from; of an MCP client the name that it gives itself. */
  readonly from: string
  /** Of one that a person made; left out: that of the start, or none. */
  readonly token?: { readonly id: string; readonly name: string } | undefined
  /** The token is right and may not do this. */
  readonly isTooNarrow?: boolean
}

/** Requests with the same token from the same place are one visit; refused ones are counted, so that a flood is a few records. */
const SAME_VISIT_MS = 3_600_000
const SAME_REFUSAL_MS = 60_000
const MOST_PLACES = 1000

/** Who came over the network with the right token, and who without. */
export function createLoginAudit({ audit, clock, newTraceId }: { readonly audit: Audit; readonly clock: Clock; readonly newTraceId: () => string }): (login: Login) => void {
  const places = new Map<string, { readonly at: number; more: number }>()
  return (login) => {
    const { ok, via, from, token, isTooNarrow = false } = login
    const key = `${ok} ${via} ${from} ${token?.id ?? ''} ${isTooNarrow}`
    const known = places.get(key)
    if (known && clock.elapsed() - known.at < (ok ? SAME_VISIT_MS : SAME_REFUSAL_MS)) {
      known.more += 1
      return
    }
    if (places.size >= MOST_PLACES) places.clear()
    places.set(key, { at: clock.elapsed(), more: 0 })
    audit.append({ kind: 'login', severity: ok ? 'low' : 'high', title: `${from} ${whatHappened(login)}`, content: { ok, via, from, ...(token && { tokenId: token.id, token: token.name }), ...(known && known.more > 0 && { sinceTheLast: known.more }) } }, { sessionId: null, runId: null, traceId: newTraceId() })
  }
}

function whatHappened({ ok, via, token, isTooNarrow }: Login): string {
  const which = token ? `the token “${token.name}”` : 'the token'
  if (via === 'mcp') return ok ? 'came in as an MCP client' : 'was refused as an MCP client'
  if (ok) return `came in with ${which} (${via})`
  return isTooNarrow ? `was refused: ${which} may not do this (${via})` : `was refused: no token, or a wrong one (${via})`
}
