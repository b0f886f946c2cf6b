import type { Knowledge } from '#contract/knowledge'
import { type MemoryDraft, MemoryDraftSchema, type MemoryItem } from '#contract/memory'
import type { Statement } from '#contract/statements'
import { sayStatement } from '#contract/statement-words'
import { notFound } from '../../errors'
import type { GraphQuery, GraphTypes, GraphTypesQuery } from '../../ports/memory-search'
import { changeItem, changeMemory, type MemoryCause, type MemoryPorts, present } from '../change-item'
import { inSlices, onDisk } from '../in-slices'
import { fieldsOf, isSamePlace, saveNow } from '../save-item'
import { entityKey, nameKey } from './keys'
import { mentionsOf, readStatements, YOU } from './read-statements'

const SPAN = 1_000

export type KnowledgeDraft = Pick<MemoryDraft, 'scope' | 'workspaceId' | 'sessionId'> & Partial<Pick<MemoryDraft, 'sensitivity' | 'trust'>>

export interface KnowledgeService {
  query(query: GraphQuery): Promise<Knowledge>
  /** Throws AppError RESOURCE_NOT_FOUND where nothing that fits speaks of it. */
  entity(id: string, query: GraphTypesQuery): Promise<Knowledge & { readonly entity: Knowledge['entities'][number] }>
  types(query: GraphTypesQuery): Promise<GraphTypes>
  /** Each becomes an item, or brings the one up to date that has this attribute of this thing in this place. All or none. */
  add(statements: readonly Statement[], place: KnowledgeDraft, ttlSeconds: number | undefined, cause: MemoryCause): readonly MemoryItem[]
  /** Reads them out of the items that have none. Each that has some then is changed, with a revision. */
  read(cause: MemoryCause): Promise<{ readonly looked: number; readonly read: number }>
}

export function createKnowledge(ports: MemoryPorts): KnowledgeService {
  const { store, search, clock } = ports
  return {
    query: (query) => search.graph(query),
    entity: async (id, query) => {
      const found = await search.graph({ ...query, around: id, depth: 1, limit: 500 })
      const [entity] = found.entities
      if (!entity) throw notFound('Entity', id)
      return { entity, ...found }
    },
    types: (query) => search.graphTypes(query),
    add: (statements, place, ttlSeconds, cause) => changeMemory(ports, cause.traceId, (change) => statements.map((statement) => {
      const expiresAt = ttlSeconds === undefined ? null : clock.now() + ttlSeconds * 1_000
      const fields = fieldsOf(ports, MemoryDraftSchema.parse({ ...place, ...draftOfStatement(statement), expiresAt }), cause)
      const known = factItem(store, statement, fields)
      if (!known) return present(saveNow(ports, change, fields, cause).item)
      const { text, statements: says, sensitivity, trust } = fields
      return present(changeItem(ports, change, known, { text, statements: says, expiresAt, trust, archived: false, ...(sensitivity === 'sensitive' && { sensitivity }) }, cause))
    })),
    read: async (cause) => {
      let [looked, read] = [0, 0]
      let after: number | null = 0
      while (after !== null) {
        const page: ReturnType<typeof store.memory.walk> = store.memory.walk(after, SPAN)
        const found = page.items.flatMap((item) => {
          const statements = item.statements.length > 0 || item.kind === 'solution' || item.forgottenAt !== null ? [] : readStatements(item.text)
          return statements.length === 0 ? [] : [{ position: item.position, statements }]
        })
        looked += page.items.length
        await inSlices(ports, found, (slice) => changeMemory(ports, cause.traceId, (change) => {
          for (const { position, statements } of slice) {
            const [item] = store.memory.getMany([position])
            // It may have been changed or erased meanwhile.
            if (!item || item.statements.length > 0) continue
            changeItem(ports, change, item, { statements }, cause)
            read += 1
          }
        }, { quiet: true, durability: 'later' }))
        after = page.next
        await clock.turn()
      }
      await onDisk(ports)
      return { looked, read }
    },
  }
}

/** What an item of one statement says. */
export function draftOfStatement(statement: Statement): Pick<MemoryDraft, 'text' | 'statements' | 'tags' | 'kind'> {
  const isAboutUser = mentionsOf(statement).some(({ name }) => entityKey(name) === entityKey(YOU.name))
  return { kind: isAboutUser ? 'user' : 'fragment', text: sayStatement(statement), statements: [statement], tags: [] }
}

/** The item that has another value of the same attribute of the same thing, in the same place, and says nothing else. */
export function factItem(store: Pick<MemoryPorts['store'], 'memory'>, statement: Statement, place: Pick<MemoryItem, 'scope' | 'workspaceId' | 'sessionId'>) {
  if (statement.kind !== 'fact') return undefined
  return store.memory.findByFact(entityKey(statement.about.name), nameKey(statement.attribute))
    .find((item) => item.forgottenAt === null && item.statements.length === 1 && isSamePlace(item, { ...place, kind: item.kind }))
}

