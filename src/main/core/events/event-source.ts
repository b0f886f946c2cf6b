/** Where an event comes from. */
export interface EventSource {
  readonly sessionId: string | null
  readonly runId: string | null
  readonly traceId: string
}
