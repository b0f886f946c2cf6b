import type { MemoryFilter } from '#contract/memory'
import type { GraphTypesQuery } from '#core/ports/memory-search'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'
import { causeOf, placeOf } from './memory'

interface Where extends MemoryFilter {
  readonly forWorkspace?: string | undefined
  readonly forSession?: string | undefined
  readonly at?: number | undefined
}

export function knowledgeHandlers({ store, clock }: Pick<RuntimePorts, 'store' | 'clock'>, { events, memory: { knowledge } }: Services) {
  const whereOf = ({ forWorkspace, forSession, at, ...filter }: Where): GraphTypesQuery => {
    // What is told is on disk.
    events.settle()
    return { conditions: { filter, place: placeOf(store, forWorkspace, forSession), sensitive: true, now: at ?? clock.now() }, at }
  }
  return {
    query: os.knowledge.query.handler(({ input: { q, type, relation, around, depth, limit, ...where } }) =>
      knowledge.query({ ...whereOf(where), q, type, relation, around, depth: depth ?? (around === undefined ? 0 : 1), limit })),
    entity: os.knowledge.entity.handler(({ input: { id, ...where } }) => knowledge.entity(id, whereOf(where))),
    types: os.knowledge.types.handler(async ({ input }) => {
      const { entities, relations } = await knowledge.types(whereOf(input))
      return { entities: [...entities], relations: [...relations] }
    }),
    add: os.knowledge.add.handler(({ input: { statements, ttlSeconds, sensitivity, ...place }, context }) =>
      ({ items: [...knowledge.add(statements, { ...place, ...(sensitivity && { sensitivity }) }, ttlSeconds, causeOf(context, 'Noted'))] })),
    read: os.knowledge.read.handler(({ context }) => knowledge.read({ ...causeOf(context, 'Read out of its text'), by: 'system' })),
  }
}
