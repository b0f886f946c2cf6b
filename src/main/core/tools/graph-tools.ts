import { z } from 'zod'
import { MemoryScopeSchema } from '#contract/memory'
import { StatementSchema } from '#contract/statements'
import { defineTool } from './define-tool'
import type { Reconciliation, Tool, ToolOutput } from './tool'

const AddSchema = z.strictObject({
  statements: z.array(StatementSchema).min(1).max(20).describe('Facts (about, attribute, value), relations (from, type, to, properties), or entities with other names (about, aliases)'),
  scope: MemoryScopeSchema.default('workspace').describe('Where it counts: user (everywhere), workspace (this folder), session (this conversation)'),
  ttl_seconds: z.number().int().min(0).max(10_000_000_000).optional().describe('After so many seconds it is not known any more'),
})
export type GraphAddInput = z.infer<typeof AddSchema>

const QuerySchema = z.strictObject({
  query: z.string().trim().max(200).optional().describe('Words of a name, an attribute or a value'),
  type: z.string().trim().max(40).optional().describe('Type of entity, such as person or service'),
  relation: z.string().trim().max(80).optional().describe('Only relations of this type'),
  around: z.string().trim().min(1).max(120).optional().describe('Name of an entity: what is near it'),
  depth: z.number().int().min(0).max(3).optional().describe('Relations away from what is asked for; 1 with around, else 0'),
  limit: z.number().int().min(1).max(50).default(20),
})
export type GraphQueryInput = z.infer<typeof QuerySchema>

export interface GraphTools {
  add(sessionId: string, input: GraphAddInput): Promise<ToolOutput>
  query(sessionId: string, input: GraphQueryInput): Promise<ToolOutput>
}

/** Another value of an attribute takes the place of the one before, so a call that was cut off by a crash may be made again. */
export function createGraphTools(graph: GraphTools): readonly Tool[] {
  return [
    defineTool({
      name: 'graph_add', capability: 'memory', readOnly: false, input: AddSchema,
      description: 'Note what is lastingly known of things (people, services, places, decisions) and how they relate, for later conversations. Never secrets.',
      prepare: async (input, { sessionId }) => ({
        title: `Note ${input.statements.length} ${input.statements.length === 1 ? 'statement' : 'statements'}`, paths: [], fingerprint: { statements: input.statements.length },
        execute: () => graph.add(sessionId, input),
      }),
      reconcile: { fingerprint: z.object({ statements: z.number() }), judge: async (): Promise<Reconciliation> => 'not_done' },
    }),
    defineTool({
      name: 'graph_query', capability: 'memory', readOnly: true, input: QuerySchema,
      description: 'Look up what is known of things and how they relate: by words, by type, or around one of them.',
      prepare: async (input, { sessionId }) => ({ title: `Look up ${input.around ?? input.query ?? input.type ?? input.relation ?? 'what is known'}`.slice(0, 120), paths: [], execute: () => graph.query(sessionId, input) }),
    }),
  ]
}
