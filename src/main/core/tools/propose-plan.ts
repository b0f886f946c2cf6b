import { z } from 'zod'
import { PlanBodySchema, type PlanBody } from '#contract/plans'
import type { Emit } from '../events/event-stream'
import { defineTool } from './define-tool'
import type { CallIdentity, ExecuteContext, Tool, ToolOutput } from './tool'

const ProposePlanSchema = z.strictObject({
  title: PlanBodySchema.shape.title.describe('What the plan achieves, in a few words'),
  tasks: PlanBodySchema.shape.tasks.describe('What is to be done. Each task is given to an agent of its own that knows only its instruction; `dependsOn` names the keys of tasks that must be done before; the others run side by side'),
  stopOnFailure: z.boolean().default(false).describe('Whether the first task that fails ends the others'),
})

export interface PlanCalls {
  readonly check: (sessionId: string, body: PlanBody) => void
  readonly propose: (emit: Emit, body: PlanBody, requestId: string, sessionId: string, call: CallIdentity) => string
  /** Waits until the plan of this call has ended. */
  readonly waitForEnd: (context: ExecuteContext) => Promise<ToolOutput>
}

/** The person decides first; the call made again after a restart finds its plan. */
export function createProposePlan({ check, propose, waitForEnd }: PlanCalls): Tool {
  return defineTool({
    name: 'propose_plan',
    description: `Propose a plan of tasks with dependencies to the person, who can change it, approve it or send it back. Approved, each task is done by an agent of its
own, several side by side, and you get what came of each when all have ended.`,
    capability: 'propose',
    readOnly: false,
    repeatable: true,
    timeoutMs: null,
    needs: 'delegating',
    input: ProposePlanSchema,
    prepare: async (body, { sessionId }) => {
      check(sessionId, body)
      const count = body.tasks.length
      return {
        title: `Approve the plan “${body.title}” (${count} ${count === 1 ? 'task' : 'tasks'})?`, paths: [],
        plan: (emit, requestId, call) => propose(emit, body, requestId, sessionId, call),
        execute: (context) => context.aside(() => waitForEnd(context)),
      }
    },
  })
}
