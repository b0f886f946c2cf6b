import type { Work } from '#contract/work'
import type { McpService } from '../mcp/mcp-service'
import type { RunManager } from '../sessions/run-manager'
import type { WorkService } from './work-service'

/** Takes no new work first, then stops every run with its commands, and every MCP server. Resolves when all have stopped. Safe to call again. */
export async function lockDown({ work, runs, mcp }: {
  readonly work: WorkService
  readonly runs: Pick<RunManager, 'cancelAll'>
  readonly mcp: Pick<McpService, 'stopAll'>
}, traceId: string): Promise<Work> {
  work.lock(traceId)
  await Promise.all([runs.cancelAll(traceId), mcp.stopAll()])
  return work.current()
}
