import type { EventEnvelope } from '#contract/events'

/** Where events are kept until they are old. An envelope of `session.entry` keeps a reference to its entry, not a copy. */
export interface EventLog {
  /** Numbers that no event has had, over restarts too. Numbers may be left out. */
  nextSeq(): number
  /** The newest number given out. */
  lastSeq(): number
  /** Inside a transaction. */
  append(event: EventEnvelope): void
  /** Events after `since`, oldest first, at most `limit`. Null when events after `since` have been pruned. */
  readAfter(since: number, limit: number): EventEnvelope[] | null
}
