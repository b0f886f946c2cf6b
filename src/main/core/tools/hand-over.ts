import { z } from 'zod'
import { defineTool } from './define-tool'
import type { Tool } from './tool'

const HandOverSchema = z.strictObject({
  reason: z.string().trim().min(1).max(2_000).describe('Why a person should go on, and what is left to do'),
})

/** A child gives its conversation to the person. */
export function createHandOver(handOver: (sessionId: string, traceId: string) => void): Tool {
  return defineTool({
    name: 'hand_over',
    description: 'Give this conversation to the person, who goes on with you from here. For work that needs them at every step. Say what is left, then stop.',
    capability: 'delegate',
    readOnly: false,
    repeatable: true,
    needs: 'parent',
    input: HandOverSchema,
    prepare: async ({ reason }) => ({
      title: `Hand the conversation over to you: ${reason.slice(0, 200)}`, paths: [],
      execute: async ({ sessionId, call }) => {
        handOver(sessionId, call.traceId)
        return { content: 'The person has this conversation now. Say in a few words what is left to do, and stop.' }
      },
    }),
  })
}
