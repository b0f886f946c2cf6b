import { z } from 'zod'
import type { RecentError } from '../work/recent-errors'
import { defineTool } from './define-tool'
import type { Tool } from './tool'

export interface HealthCalls {
  readonly errors: () => readonly RecentError[]
  /** What works, waits and was used, as `name: value` lines. */
  readonly metrics: () => string
  /** Of each provider that is set up: what came of asking it. */
  readonly connectivity: (signal: AbortSignal) => Promise<string>
}

/** With which the kinds of agents that look for faults see how Trestle itself is doing. They change nothing. */
export function createHealthTools({ errors, metrics, connectivity }: HealthCalls): readonly Tool[] {
  const look = { capability: 'read', readOnly: true, needs: 'nothing', input: z.strictObject({}) } as const
  return [
    defineTool({
      ...look, name: 'read_logs', description: 'The newest warnings and errors in the log of Trestle: when, what, and the code of each. Never texts of conversations.',
      prepare: async () => ({
        title: 'Read the newest errors of Trestle', paths: [],
        execute: async () => ({ content: errors().map(({ at, level, event, error }) => `${new Date(at).toISOString()} ${level} ${event}${error === null ? '' : ` (${error})`}`).join('\n') || 'No warning and no error since the start.' }),
      }),
    }),
    defineTool({ ...look, name: 'analyze_metrics', description: 'What works and waits in Trestle now, and what was used today.', prepare: async () => ({ title: 'Look at the figures of Trestle', paths: [], execute: async () => ({ content: metrics() }) }) }),
    defineTool({
      ...look, name: 'check_connectivity', description: 'Whether the providers of models that are set up can be reached, each with what it answered.',
      prepare: async () => ({ title: 'See whether the providers can be reached', paths: [], execute: async ({ signal }) => ({ content: await connectivity(signal) }) }),
    }),
  ]
}
