import type { Notice } from '#contract/system'
import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'

/** What a person should know that belongs to no session; kept until they have seen it. */
export function tellNotice(
  { store, events, clock, newId }: { readonly store: Pick<Store, 'notices'>; readonly events: EventStream; readonly clock: Clock; readonly newId: NewId },
  notice: Omit<Notice, 'id'>, traceId: string,
): void {
  events.transact((emit) => {
    const told = { ...notice, id: newId() }
    store.notices.insert(told, clock.now())
    emit({ topic: 'system.notice', payload: told }, { sessionId: null, runId: null, traceId })
  })
}
