import { z } from 'zod'
import { defineTool } from './define-tool'
import type { CallIdentity, Tool } from './tool'

const CoordinateSchema = z.strictObject({
  id: z.string().min(1).max(64).describe('Of a task that this conversation made, as monitor_children says it'),
  do: z.enum(['tell', 'stop', 'retry']).describe('`tell`: its agent reads the message, at once where it works; `retry`: goes on with one that ended without success'),
  message: z.string().trim().max(20_000).default('').describe('What to tell'),
})
export type CoordinateInput = z.output<typeof CoordinateSchema>

const LogSchema = z.strictObject({
  text: z.string().trim().min(1).max(2_000).describe('What you did or found, in a sentence or two'),
  severity: z.enum(['low', 'medium', 'high']).default('low'),
})
export type LogInput = z.output<typeof LogSchema>

export interface TeamCalls {
  /** What works below a run, a line for each. */
  readonly below: (runId: string) => string
  /** Throws AppError for what this conversation did not make. */
  readonly find: (sessionId: string, id: string) => { readonly title: string }
  readonly coordinate: (sessionId: string, input: CoordinateInput, call: CallIdentity) => Promise<string>
  readonly log: (sessionId: string, input: LogInput, call: CallIdentity) => void
}

const words = { tell: 'Tell the agent of', stop: 'Stop', retry: 'Try again' } as const

/** With which an agent looks after those that it started, and says what it did. */
export function createTeamTools({ below, find, coordinate, log }: TeamCalls): readonly Tool[] {
  return [
    defineTool({
      name: 'monitor_children', capability: 'read', readOnly: true, needs: 'delegating', input: z.strictObject({}),
      description: 'The agents that you started and the tasks that you made in this turn, with all below them: their state, what they do now, what they used.',
      prepare: async () => ({ title: 'Look after the agents', paths: [], execute: async ({ call }) => ({ content: below(call.runId) }) }),
    }),
    defineTool({
      name: 'coordinate_agents', capability: 'tasks', readOnly: false, repeatable: true, needs: 'delegating', input: CoordinateSchema,
      description: 'Tell the agent of a task that you made something, stop it, or let it try again.',
      prepare: async (input, { sessionId }) => ({
        title: `${words[input.do]} “${find(sessionId, input.id).title}”${input.message === '' ? '' : `: ${input.message}`}`.slice(0, 400), paths: [],
        execute: async ({ call }) => ({ content: await coordinate(sessionId, input, call) }),
      }),
    }),
    defineTool({
      name: 'log_activity', capability: 'memory', readOnly: false, repeatable: true, needs: 'nothing', input: LogSchema,
      description: 'Note in the audit log, which nobody can change afterwards, what you did or found that a person should be able to look up later. Never secrets.',
      prepare: async (input) => ({
        title: `Note: ${input.text}`.slice(0, 200), paths: [],
        execute: async ({ sessionId, call }) => {
          log(sessionId, input, call)
          return { content: 'Noted.' }
        },
      }),
    }),
  ]
}
