import { z } from 'zod'
import { IdSchema, TimestampSchema } from './common'

/** `parent`: what a person or a script asked. `child`: an agent asked it. `micro`: so, without tools and with one answer. `task`: an attempt at a task. */
export const AgentLevelSchema = z.enum(['parent', 'child', 'micro', 'task'])
export type AgentLevel = z.infer<typeof AgentLevelSchema>

/** Where the conversation of an agent comes from. */
export const AgentOriginSchema = z.object({
  level: AgentLevelSchema.exclude(['parent']),
  template: z.string(),
  /** 1 for what an agent of a person started. */
  depth: z.number().int(),
  parentSessionId: IdSchema.nullable(),
  parentRunId: IdSchema.nullable(),
  /** The person has the conversation since then. */
  handedOverAt: TimestampSchema.nullable(),
})
export type AgentOrigin = z.infer<typeof AgentOriginSchema>

/** Nobody looks for it in a list: it belongs to the agent that began it. */
export function isInner(agent: AgentOrigin | undefined): boolean {
  return agent !== undefined && agent.level !== 'task' && agent.handedOverAt === null
}
