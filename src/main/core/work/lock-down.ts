import type { Work } from '#contract/work'
import type { RunManager } from '../sessions/run-manager'
import type { WorkService } from './work-service'

/** Takes no new work first, then stops every run with its commands. Resolves when all have stopped. Safe to call again. */
export async function lockDown({ work, runs }: { readonly work: WorkService; readonly runs: Pick<RunManager, 'cancelAll'> }, traceId: string): Promise<Work> {
  work.lock(traceId)
  await runs.cancelAll(traceId)
  return work.current()
}
