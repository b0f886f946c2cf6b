/** What became of the turns that there may be something to learn from. */
export interface LearningStore {
  /** A turn has ended: inside the transaction that says so. */
  add(runId: string, at: number): void
  /** Oldest first. */
  waiting(limit: number): readonly { readonly runId: string; readonly attempts: number }[]
  /** Counts an attempt, before anything is done that could fail. */
  begin(runId: string): void
  finish(runId: string, result: LearningResult): void
  /** Of all turns that were finished since. */
  tokensSince(at: number): number
  /** Forgets turns that were finished before. */
  prune(before: number): void
}

export interface LearningResult {
  readonly at: number
  readonly saved: number
  readonly proposed: number
  readonly tokens: number
  readonly costUsd: number | null
  readonly error: string | null
}
