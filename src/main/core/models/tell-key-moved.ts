import type { Audit } from '../audit/audit-log'
import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import { tellNotice } from '../work/tell-notice'
import type { KeyMove } from './provider-clients'

/** Told to the person and recorded: another key, and with it maybe another account, is used than the chosen one. */
export function createTellKeyMoved({ store, events, clock, newId, newTraceId, audit }: {
  readonly store: Pick<Store, 'notices'>
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
  readonly newTraceId: () => string
  readonly audit: Audit
}): (move: KeyMove) => void {
  return (move) => {
    const traceId = newTraceId()
    const text = `${whatHappened(move)} “${move.to}” is used instead${move.fault === 'refused' ? ' until it is replaced or tested' : ' for now'}.`
    events.transact(() => {
      audit.append({ kind: 'secret', severity: 'medium', title: text, content: { ...move } }, { sessionId: null, runId: null, traceId })
      tellNotice({ store, events, clock, newId }, { level: 'warning', text: `${text} Settings, Models and keys.` }, traceId)
    })
  }
}

function whatHappened({ provider, from, fault }: KeyMove): string {
  if (fault === 'refused') return `${provider} refused the key “${from}”.`
  return fault === 'limited' ? `${provider} limits the key “${from}”.` : `The key “${from}” has no credit left at ${provider}.`
}
