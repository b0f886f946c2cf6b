import { z } from 'zod'
import type { Entry } from '#contract/entries'
import { MemoryKindSchema, MemoryScopeSchema } from '#contract/memory'
import { defineTool } from './define-tool'
import type { Reconciliation, Tool, ToolOutput } from './tool'

const RememberSchema = z.strictObject({
  text: z.string().trim().min(3).max(4_000).describe('One fact, in words that will be understood without this conversation'),
  kind: MemoryKindSchema.default('fragment').describe('fragment: a fact of the work; solution: a problem and what solved it; user: about the person, or what they prefer'),
  scope: MemoryScopeSchema.default('workspace').describe('Where it counts: user (everywhere), workspace (this folder), session (this conversation)'),
  title: z.string().trim().max(120).optional(),
  tags: z.array(z.string().trim().min(1).max(40)).max(10).optional(),
  importance: z.number().min(0).max(1).optional(),
  problem: z.string().trim().max(2_000).optional().describe('Of a solution'),
  steps: z.array(z.string().trim().min(1).max(1_000)).max(30).optional().describe('Of a solution: what was done, in order'),
  outcome: z.string().trim().max(2_000).optional().describe('Of a solution'),
  artifacts: z.array(z.strictObject({ path: z.string().trim().min(1).max(1_000).optional(), code: z.string().min(1).max(8_000) })).max(10).optional().describe('Of a solution: the code that matters'),
})
export type RememberInput = z.infer<typeof RememberSchema>

const RecallSchema = z.strictObject({
  query: z.string().trim().min(1).max(1_000).describe('Words of what you look for'),
  kinds: z.array(MemoryKindSchema).max(3).optional(),
  limit: z.number().int().min(1).max(20).default(8),
})
export type RecallInput = z.infer<typeof RecallSchema>

const ForgetSchema = z.strictObject({ id: z.string().min(1).max(64).describe('Of the item, as the memory or recall gave it'), reason: z.string().trim().min(1).max(300) })

/** What is returned when it is a new item; everything else is said in other words. */
export const NOTED = 'Noted.'

export interface MemoryTools {
  /** `conversation`: what the agent has read until now. */
  remember(sessionId: string, input: RememberInput, conversation: readonly Entry[]): Promise<ToolOutput>
  recall(sessionId: string, input: RecallInput): Promise<ToolOutput>
  /** AppError where there is no such item for this session. */
  shown(sessionId: string, id: string): string
  forget(sessionId: string, id: string, reason: string): ToolOutput
  isForgotten(sessionId: string, id: string): boolean
}

/** Noting the same twice leaves one item, so a call that was cut off by a crash may be made again. */
export function createMemoryTools(memory: MemoryTools): readonly Tool[] {
  return [
    defineTool({
      name: 'remember', capability: 'memory', readOnly: false, input: RememberSchema,
      description: 'Note a lasting fact for later conversations: what the person prefers, a decision, what turned out to be true. Not what is in the files anyway, and never secrets.',
      prepare: async (input, { sessionId }) => ({
        title: `Remember “${clip(input.text)}”`, paths: [], fingerprint: { text: input.text },
        execute: async ({ conversation }) => memory.remember(sessionId, input, conversation),
      }),
      reconcile: { fingerprint: z.object({ text: z.string() }), judge: async (): Promise<Reconciliation> => 'not_done' },
    }),
    defineTool({
      name: 'recall', capability: 'memory', readOnly: true, input: RecallSchema,
      description: 'Look up what was noted in earlier conversations: about the person, this folder, and how problems were solved.',
      prepare: async (input, { sessionId }) => ({ title: `Recall ${clip(input.query)}`, paths: [], execute: () => memory.recall(sessionId, input) }),
    }),
    defineTool({
      name: 'forget', capability: 'propose', readOnly: false, input: ForgetSchema,
      description: 'Have an item of the memory forgotten that is wrong or that the person does not want kept. They decide.',
      prepare: async ({ id, reason }, { sessionId }) => ({
        title: `Forget “${clip(memory.shown(sessionId, id))}”?`, paths: [], fingerprint: { sessionId, id },
        execute: async () => memory.forget(sessionId, id, reason),
      }),
      reconcile: {
        fingerprint: z.object({ sessionId: z.string(), id: z.string() }),
        judge: async ({ sessionId, id }): Promise<Reconciliation> => (memory.isForgotten(sessionId, id) ? 'done' : 'not_done'),
      },
    }),
  ]
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}
