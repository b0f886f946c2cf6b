import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { MemoryFilter } from '#contract/memory'
import { useServices } from '../../../lib/services'

/** More would be a cloud. */
export const MAX_DRAWN = 80
const MAX_LISTED = 400

export interface KnowledgeLook {
  readonly as: 'graph' | 'list'
  readonly type: string
  /** An entity that is looked at with what is near it. */
  readonly around: { readonly id: string; readonly name: string; readonly depth: number } | null
}

/** `at`: the moment that is looked at; null: now. */
export function useKnowledge(look: KnowledgeLook, q: string, filter: MemoryFilter, at: number | null) {
  const { orpc } = useServices()
  const { as, type, around } = look
  const asked = around === null ? { ...(q !== '' && { q }), ...(type !== '' && { type }) } : { around: around.id, depth: around.depth }
  return useQuery({ ...orpc.knowledge.query.queryOptions({ input: { ...filter, ...asked, ...momentOf(at), limit: as === 'graph' ? MAX_DRAWN : MAX_LISTED } }), placeholderData: keepPreviousData })
}

export function useKnowledgeTypes(filter: MemoryFilter, at: number | null) {
  const { orpc } = useServices()
  return useQuery({ ...orpc.knowledge.types.queryOptions({ input: { ...filter, ...momentOf(at) } }), placeholderData: keepPreviousData })
}

/** One thing with all that is known of it. */
export function useKnownEntity(id: string, filter: MemoryFilter, at: number | null) {
  const { orpc } = useServices()
  return useQuery({ ...orpc.knowledge.entity.queryOptions({ input: { ...filter, ...momentOf(at), id } }), retry: false })
}

function momentOf(at: number | null): { readonly at?: number } {
  return at === null ? {} : { at }
}
