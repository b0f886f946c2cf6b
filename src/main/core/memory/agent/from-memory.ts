import { MemoryDraftSchema, type MemoryHit } from '#contract/memory'
import { isAppError } from '../../errors'
import type { EventStream } from '../../events/event-stream'
import type { Store } from '../../ports/store'
import type { Clock } from '../../ports/system'
import { type MemoryCause, present } from '../change-item'
import type { Memory } from '../create-memory'
import { factItem } from '../graph/knowledge'
import type { AgentMemory, MemoryOrigin } from './agent-memory'

export interface FromMemoryPorts {
  readonly memory: Memory
  readonly store: Pick<Store, 'memory'>
  readonly events: EventStream
  readonly clock: Clock
  readonly settings: () => { readonly sendSensitive: boolean }
}

/** The memory as agents may use it. */
export function createAgentMemory({ memory, store, events, clock, settings }: FromMemoryPorts): AgentMemory {
  return {
    search: async ({ q, place, kinds, mode = 'hybrid', limit }) => {
      const filter = kinds ? { kinds: [...kinds] } : {}
      const answer = await memory.service.query({ ...(q !== undefined && { q }), mode, filter, place, sensitive: settings().sendSensitive, sort: 'importance', limit })
      return answer.items.map((hit): MemoryHit => hit)
    },
    tellable: (ids, { workspaceId, sessionId }) => ids.flatMap((id) => {
      const stored = store.memory.get(id)
      if (!stored) return []
      const item = present(stored)
      const isThere = item.scope === 'user' || (item.scope === 'workspace' ? item.workspaceId === workspaceId : item.sessionId === sessionId)
      const isGone = item.forgottenAt !== null || item.archived || (item.expiresAt !== null && item.expiresAt <= clock.now())
      return isThere && !isGone && (item.sensitivity === 'normal' || settings().sendSensitive) ? [item] : []
    }),
    used: (ids, at, by) => store.memory.use(ids, at, by),
    prepare: async (draft, origin) => {
      const save = await memory.prepareSave(MemoryDraftSchema.parse(draft), causeOf(origin))
      return () => {
        try {
          const { item, outcome } = save()
          return { item, isKnown: outcome === 'known' }
        } catch (error) {
          if (isAppError(error) && error.code === 'CONFLICT') return null
          throw error
        }
      }
    },
    propose: (draft, reason, origin) => events.transact(() => {
      const { by, sessionId, runId, traceId } = origin
      return memory.reviews.propose(MemoryDraftSchema.parse(draft), reason, { by, sessionId, runId, entryId: draft.source?.entryId ?? null, path: null }, traceId) !== null
    }),
    rewrite: (id, patch, origin) => memory.service.patch(id, patch, undefined, causeOf(origin)),
    graph: (query, place) => memory.knowledge.query({ ...query, conditions: { filter: {}, place, sensitive: settings().sendSensitive, now: clock.now() } }),
    factItem: (statement, place) => {
      const item = factItem(store, statement, place)
      return item ? present(item) : null
    },
    forget: (id, origin) => memory.service.forget(id, causeOf(origin)),
  }
}

function causeOf({ by, cause, sessionId, runId, traceId }: MemoryOrigin): MemoryCause {
  return { by, cause, sessionId, runId, traceId }
}
