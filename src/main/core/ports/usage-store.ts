/** Model calls that were counted together. */
export interface UsageRow {
  readonly calls: number
  readonly unpriced: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedTokens: number
  readonly totalTokens: number
  readonly estimated: boolean
  readonly costUsd: number
}

/** What model calls used, summed by the database. */
export interface UsageStore {
  /** `day` is the index of the span; spans do not overlap. */
  byDayAndModel(spans: readonly { readonly from: number; readonly until: number }[], sessionId: string | null): readonly (UsageRow & { readonly day: number; readonly model: string })[]
  /** US dollars that everything cost since then, as far as prices are known. */
  cost(from: number): number
  /** US dollars that the sessions of a folder cost since then, as far as prices are known. */
  costOfWorkspace(workspaceId: string, from: number): number
  /** The same of the attempts at the tasks of a schedule, without one of them. */
  costOfSchedule(scheduleId: string, from: number, exceptAttemptId: string): number
  /** By the template of the agent that the session is; null for those that people started. Most expensive first. */
  byAgent(from: number, until: number, sessionId: string | null): readonly (UsageRow & { readonly agent: string | null })[]
  /** The 100 that cost most. */
  bySession(from: number, until: number, sessionId: string | null): readonly (UsageRow & { readonly sessionId: string; readonly title: string })[]
}
