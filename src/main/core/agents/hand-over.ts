import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'
import { tellSession } from '../sessions/publish'

/** From now on the conversation is the person's: it is in their list, and no agent above bounds it. Idempotent. */
export function handOver({ store, events, clock }: { readonly store: Store; readonly events: EventStream; readonly clock: Pick<Clock, 'now'> }, sessionId: string, traceId: string): void {
  if (store.agents.get(sessionId)?.handedOverAt !== null) return
  events.transact((emit) => {
    store.agents.setHandedOver(sessionId, clock.now())
    store.sessions.patch(sessionId, { updatedAt: clock.now() })
    tellSession(store, emit, sessionId, { sessionId, runId: null, traceId })
  })
}
