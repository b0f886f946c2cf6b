import { z } from 'zod'
import { ModeSchema } from '#contract/common'
import { defineTool } from './define-tool'
import type { ExecuteContext, Tool, ToolOutput } from './tool'

const DelegateSchema = z.strictObject({
  instruction: z.string().trim().min(1).max(50_000).describe('What it is to do and what it is to report, so that it can be understood without this conversation'),
  template: z.string().min(1).max(40).default('general').describe('The kind of agent'),
  title: z.string().trim().min(1).max(100).optional().describe('A few words for the person who watches'),
  context: z.enum(['none', 'summary', 'fork']).default('none').describe('What it gets of this conversation: nothing, a short summary, or its newest turns'),
  mode: ModeSchema.optional().describe('What it may do without asking; never more than you'),
  budget: z.strictObject({
    maxSteps: z.number().int().min(1).max(10_000).optional(),
    maxMinutes: z.number().positive().max(24 * 60).optional(),
    maxTokens: z.number().int().positive().optional(),
    maxCostUsd: z.number().positive().optional(),
  }).optional().describe('Ends it when it is used up'),
})
export type DelegateInput = z.output<typeof DelegateSchema>

/** The call made again after a restart finds the agent that it had started. */
export function createDelegate({ delegate, templates }: {
  readonly delegate: (input: DelegateInput, context: ExecuteContext) => Promise<ToolOutput>
  readonly templates: () => readonly { readonly name: string; readonly description: string }[]
}): Tool {
  const tool = defineTool({
    name: 'delegate',
    description: 'Start another agent.',
    capability: 'delegate',
    readOnly: false,
    repeatable: true,
    sideBySide: true,
    timeoutMs: null,
    needs: 'delegating',
    input: DelegateSchema,
    prepare: async (input) => ({
      title: `Start an agent (${input.template}): ${input.title ?? input.instruction.slice(0, 200)}`, paths: [],
      execute: (context) => delegate(input, context),
    }),
  })
  return {
    ...tool,
    // The person's own kinds are there from their next turn on.
    get description() {
      const kinds = templates().map(({ name, description }) => `- ${name}: ${description}`)
      return ['Give a part of the work to another agent and get what it says at the end. It has its own conversation and may do no more than you.',
        'Several calls in one reply work side by side. Kinds of agents:', ...kinds].join('\n')
    },
  }
}
