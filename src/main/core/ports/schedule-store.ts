import type { Page } from './page'

export type StoredOccurrenceState = 'claimed' | 'skipped' | 'missed' | 'asked' | 'queued'

/** What became of a due time. */
export interface StoredOccurrence {
  readonly scheduleId: string
  readonly dueAt: number
  readonly state: StoredOccurrenceState
  readonly taskId: string | null
  readonly reason: string | null
  readonly claimedAt: number
  /** The last one of several due times that share the row; null for one alone. */
  readonly lastDueAt: number | null
  /** How many they are; null: too many to count. */
  readonly number: number | null
}

export interface ScheduleSums {
  /** Occurrences that came to an end. */
  readonly runs: number
  readonly succeeded: number
  readonly meanMs: number | null
  readonly costUsd: number | null
  readonly lastFailure: { readonly dueAt: number; readonly message: string } | null
  readonly missed: number
}

/** A stretch of time in which Trestle was there. */
export interface Presence {
  readonly beganAt: number
  readonly seenAt: number
  /** What was before: it was closed, the machine slept, or its clock was set. */
  readonly beganBy: 'start' | 'wake' | 'clock'
}

export interface ScheduleStore {
  /** Ids of schedules whose next due time has come, longest due first. */
  listDue(now: number, limit: number): string[]
  nextDueAt(): number | null
  /** Those with a due time to come, soonest first. */
  listArmed(limit: number): string[]
  /** All that have one, in pages: ids after `after`. */
  listArmedAfter(after: string, limit: number): string[]
  /** Ids of planned and scheduled tasks, newest first. */
  list(query: { readonly cursor?: string | undefined; readonly limit: number }): Page<string>
  /** Sets the next due time and nothing else: it is no change of the task. */
  setNextDue(id: string, nextDueAt: number | null): void
  /** Occurrences whose task is not at an end. */
  activeTasks(id: string): string[]
  /** Atomic: false when this due time was claimed before, whoever did. A row that says it was missed, skipped or asked about is replaced. */
  claim(occurrence: StoredOccurrence): boolean
  setTask(id: string, dueAt: number, taskId: string): void
  /** The row of exactly this due time, or the one that stands for it. */
  find(id: string, dueAt: number): StoredOccurrence | null
  /** Newest first. */
  listOccurrences(id: string, query: { readonly cursor?: string | undefined; readonly limit: number }): Page<StoredOccurrence>
  /** Oldest first. */
  listOpen(id: string, state: 'asked' | 'queued', limit: number): StoredOccurrence[]
  /** Schedules with a queued occurrence. */
  listQueued(): string[]
  sums(id: string): ScheduleSums
  /** Drops rows without a task: those before `before`, and the oldest beyond the newest `keep` of a schedule. */
  prune(id: string, before: number, keep: number): void
  insertPresence(presence: Presence): void
  /** Of the newest stretch. */
  setSeen(at: number): void
  newestPresence(): Presence | null
  /** The stretch that `at` is in or that came next; null when there is none. */
  presenceAt(at: number): Presence | null
  prunePresence(before: number): void
}
