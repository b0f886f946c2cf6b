import type { EventStream } from '../events/event-stream'

/** The catalogue, a provider or a key is something else now. */
export function tellModels(events: EventStream, traceId: string): void {
  events.transact((emit) => { emit({ topic: 'models.update', payload: {} }, { sessionId: null, runId: null, traceId }) })
}
