import type { Erased } from '#contract/memory'
import type { Emit } from '../events/event-stream'
import type { StoredMemory } from '../ports/memory-store'
import { getItem, type MemoryPorts } from './change-item'
import { scrub } from './scrub'

export type BackupList = () => Promise<readonly { readonly name: string; readonly at: number; readonly bytes: number }[]>

/** Of one item: what it said before. */
const MOST_REVISIONS = 10_000

/** For good, with the proof. Throws AppError RESOURCE_NOT_FOUND. */
export async function eraseItems(ports: MemoryPorts & { readonly backups: BackupList }, ids: readonly string[], traceId: string): Promise<Erased> {
  const { store, search, clock } = ports
  const items = [...new Set(ids)].map((id) => getItem(store, id))
  // Those it came from, and those in which an agent was told it: what was said there is not part of the memory.
  const conversations = [...new Set(items.flatMap(({ source, position }) => [...(source.sessionId === null ? [] : [source.sessionId]), ...store.memory.uses(position).map(({ sessionId }) => sessionId)]))]
  const removed = ports.events.transact((emit) => eraseRows(store, emit, items, traceId))
  search.changed(items.map(({ position }) => position))
  const words = await search.erased(items)
  const isScrubbed = await scrub(ports)
  return {
    ids: items.map(({ id }) => id), removed: [...removed, ...words.removed], left: [...store.memory.leftOf(items), ...words.left, { in: 'log', rows: isScrubbed ? 0 : 1 }],
    backups: [...await ports.backups()].map(({ name, at, bytes }) => ({ name, at, bytes })), conversations, at: clock.now(),
  }
}

function eraseRows(store: Pick<MemoryPorts['store'], 'memory' | 'memoryReviews'>, emit: Emit, items: readonly StoredMemory[], traceId: string): Erased['removed'] {
  const itemIds = items.map(({ id }) => id)
  const texts = items.flatMap(({ text, position }) => [text, ...store.memory.revisions(position, { before: Number.MAX_SAFE_INTEGER, limit: MOST_REVISIONS }).flatMap(({ before }) => before.text ?? [])])
  const reviews = store.memoryReviews.removeAbout(itemIds, [...new Set(texts)])
  const { removed } = store.memory.erase(itemIds)
  emit({ topic: 'memory.removed', payload: { itemIds } }, { sessionId: null, runId: null, traceId })
  return [...removed, { from: 'memory_reviews', rows: reviews }]
}

/** Takes what was erased out of the index of words too; the next start does it where it was interrupted. */
export async function finishErasing(ports: Pick<MemoryPorts, 'store' | 'search' | 'clock'>): Promise<void> {
  await ports.search.erased([])
  await scrub(ports)
}

/**
 * What counts in a session alone goes for good with it: the first in the transaction that removes the session, the second when that is done.
 */
export function createSessionEraser(ports: Pick<MemoryPorts, 'store' | 'search' | 'clock'>) {
  const { store, search } = ports
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
      await finishErasing(ports)
    },
  }
}
