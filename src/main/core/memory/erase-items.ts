import type { Erased } from '#contract/memory'
import type { Emit } from '../events/event-stream'
import type { StoredMemory } from '../ports/memory-store'
import { getItem, type MemoryPorts } from './change-item'

export type BackupList = () => Promise<readonly { readonly name: string; readonly at: number; readonly bytes: number }[]>

/** For good, with the proof. Throws AppError RESOURCE_NOT_FOUND. */
export async function eraseItems(ports: MemoryPorts & { readonly backups: BackupList }, ids: readonly string[], traceId: string): Promise<Erased> {
  const { store, search, clock } = ports
  const items = [...new Set(ids)].map((id) => getItem(store, id))
  const removed = ports.events.transact((emit) => eraseRows(store, emit, items, traceId))
  search.changed(items.map(({ position }) => position))
  const words = await search.erased(items)
  store.memory.scrub()
  return {
    ids: items.map(({ id }) => id), removed: [...removed, ...words.removed], left: [...store.memory.leftOf(items), ...words.left], backups: [...await ports.backups()].map(({ name, at, bytes }) => ({ name, at, bytes })),
    conversations: [...new Set(items.flatMap(({ source }) => source.sessionId ?? []))], at: clock.now(),
  }
}

function eraseRows(store: Pick<MemoryPorts['store'], 'memory' | 'memoryReviews'>, emit: Emit, items: readonly StoredMemory[], traceId: string): Erased['removed'] {
  const itemIds = items.map(({ id }) => id)
  const reviews = store.memoryReviews.removeAbout(itemIds)
  const { removed } = store.memory.erase(itemIds)
  emit({ topic: 'memory.removed', payload: { itemIds } }, { sessionId: null, runId: null, traceId })
  return [...removed, { from: 'memory_reviews', rows: reviews }]
}

/** Takes what was erased out of the index of words too; the next start does it where it was interrupted. */
export async function finishErasing({ store, search }: Pick<MemoryPorts, 'store' | 'search'>): Promise<void> {
  await search.erased([])
  store.memory.scrub()
}

/**
 * What counts in a session alone goes for good with it: the first in the transaction that removes the session, the second when that is done.
 */
export function createSessionEraser({ store, search }: Pick<MemoryPorts, 'store' | 'search'>) {
  const gone = new Map<string, readonly number[]>()
  return {
    sessionRemoving(sessionId: string, emit: Emit, traceId: string): void {
      const items = store.memory.ofSession(sessionId)
      store.memoryReviews.removeOfSession(sessionId)
      if (items.length > 0) eraseRows(store, emit, items, traceId)
      gone.set(sessionId, items.map(({ position }) => position))
    },
    async sessionRemoved(sessionId: string): Promise<void> {
      const positions = gone.get(sessionId) ?? []
      gone.delete(sessionId)
      if (positions.length === 0) return
      search.changed(positions)
      await finishErasing({ store, search })
    },
  }
}
