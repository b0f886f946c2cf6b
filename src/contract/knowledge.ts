import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, TimestampSchema } from './common'
import { MemoryFilterSchema, MemoryItemSchema, MemoryScopeSchema, MemoryTrustSchema, SensitivitySchema } from './memory'
import { StatementSchema } from './statements'

/** Of the items that say it: the most that one of them is trusted, and the latest that one of them ends. */
const SaidShape = {
  itemIds: z.array(IdSchema),
  trust: MemoryTrustSchema,
  /** `sensitive`: every item that says it is. */
  sensitivity: SensitivitySchema,
  /** Null: one of them does not expire. */
  expiresAt: TimestampSchema.nullable(),
  at: TimestampSchema,
}

export const KnownFactSchema = z.object({ attribute: z.string(), value: z.string(), ...SaidShape })
export type KnownFact = z.infer<typeof KnownFactSchema>

export const KnownEntitySchema = z.object({
  id: IdSchema,
  name: z.string(),
  /** As the most trusted and newest item says; empty: none does. */
  type: z.string(),
  aliases: z.array(z.string()),
  /** Newest first; of several values of an attribute the first one counts. */
  facts: z.array(KnownFactSchema),
  /** How many items speak of it. */
  items: z.number().int(),
  trust: MemoryTrustSchema,
})
export type KnownEntity = z.infer<typeof KnownEntitySchema>

export const KnownRelationSchema = z.object({ id: z.string(), from: IdSchema, to: IdSchema, type: z.string(), properties: z.record(z.string(), z.string()), ...SaidShape })
export type KnownRelation = z.infer<typeof KnownRelationSchema>

export const KnowledgeSchema = z.object({
  /** Nearest to what was asked first. */
  entities: z.array(KnownEntitySchema),
  /** Between them. */
  relations: z.array(KnownRelationSchema),
  /** There are more than `limit`. */
  more: z.boolean(),
})
export type Knowledge = z.infer<typeof KnowledgeSchema>

const WhereShape = {
  ...MemoryFilterSchema.shape,
  /** Only what an agent at work there would see: of the user, of this workspace, of this session. */
  forWorkspace: IdSchema.optional(),
  forSession: IdSchema.optional(),
  /** What was known at this moment. What was erased since was never there. */
  at: z.coerce.number().int().nonnegative().optional(),
}
const TypesSchema = z.array(z.object({ type: z.string(), count: z.number().int() }))
const tags = ['memory']

/** What the items of the memory say of things: entities, facts and relations. Where an item goes, so does what it alone said. */
export const knowledge = {
  query: oc.route({ method: 'GET', path: '/memory/graph', tags, summary: 'Entities by words, by type or around one of them, with their facts and what relates them' })
    .input(z.object({
      ...WhereShape,
      /** Words of a name, an attribute or a value. */
      q: z.string().max(200).optional(),
      type: z.string().trim().toLowerCase().max(40).optional(),
      /** Only relations of this type are followed and given. */
      relation: z.string().trim().max(80).optional(),
      /** An entity, by id or by name: by any of its names. */
      around: z.string().trim().min(1).max(120).optional(),
      /** So many relations away from what was asked for; 1 with `around`, else 0. */
      depth: z.coerce.number().int().min(0).max(4).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    })).output(KnowledgeSchema),
  entity: oc.route({ method: 'GET', path: '/memory/graph/entities/{id}', tags, summary: 'One entity with all of its facts and relations, and the entities at their other ends' })
    .input(z.object({ id: IdSchema, ...WhereShape })).output(KnowledgeSchema.extend({ entity: KnownEntitySchema })),
  types: oc.route({ method: 'GET', path: '/memory/graph/types', tags, summary: 'The types of entities and of relations, the most frequent first' })
    .input(z.object(WhereShape)).output(z.object({ entities: TypesSchema, relations: TypesSchema })),
  add: oc.route({ method: 'POST', path: '/memory/graph', tags, summary: 'Note facts, relations and other names; each becomes an item of the memory, another value of an attribute takes the place of the one before' })
    .input(z.object({
      statements: z.array(StatementSchema).min(1).max(100),
      scope: MemoryScopeSchema.default('user'),
      workspaceId: IdSchema.nullable().default(null),
      sessionId: IdSchema.nullable().default(null),
      /** Seconds until it is not known any more; 0: at once. */
      ttlSeconds: z.number().int().min(0).max(10_000_000_000).optional(),
      sensitivity: SensitivitySchema.optional(),
    })).output(z.object({ items: z.array(MemoryItemSchema) })),
  read: oc.route({ method: 'POST', path: '/memory/graph/read', tags, summary: 'Read statements, by rules, out of the items that have none yet' })
    .input(EmptySchema).output(z.object({ looked: z.number().int(), read: z.number().int() })),
}
