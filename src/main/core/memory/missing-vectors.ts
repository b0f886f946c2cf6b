import { MOST_TEXTS } from '../ports/embedder'
import type { StoredMemory } from '../ports/memory-store'
import type { EmbeddingPorts } from './embedding-ports'
import { unit, vectorText } from './vector-text'

const SPAN = 500
const BATCH_MS = 120_000
/** More changed ones are found by going through all. */
const MOST_PENDING = 10_000

/** What has no vector yet. It is found in the database: whatever interrupts it, the next start goes on with what is missing. */
export interface MissingVectors {
  /** These are new or changed. */
  add(positions: readonly number[]): void
  /** Everything is to be gone through. */
  all(): void
  isEmpty(): boolean
  /** Makes them, beside other work, and then removes those of other models. Throws what the model says. */
  make(modelId: string, signal: AbortSignal): Promise<void>
}

export function createMissingVectors(ports: EmbeddingPorts, onProgress: () => Promise<void>): MissingVectors {
  const { store, settings, clock } = ports
  const pending = new Set<number>()
  /** Where going through all has come to; null: at the end. */
  let after: number | null = 0

  const embedAll = async (modelId: string, items: readonly StoredMemory[], signal: AbortSignal) => {
    const embedder = await ports.embedder(modelId)
    for (let from = 0; from < items.length; from += MOST_TEXTS) {
      const part = items.slice(from, from + MOST_TEXTS)
      const vectors = await embedder.embed(part.map(vectorText), AbortSignal.any([signal, AbortSignal.timeout(BATCH_MS)]))
      signal.throwIfAborted()
      const model = store.memoryVectors.model(modelId, vectors[0]?.length ?? 0)
      // What was changed or forgotten while the model was at it is not what was asked about any more.
      const still = part.flatMap((item, index) => {
        const vector = vectors[index]
        const now = store.memory.get(item.id)
        return vector && now && now.forgottenAt === null && vectorText(now) === vectorText(item) ? [{ position: item.position, vector: unit(vector) }] : []
      })
      store.transaction(() => store.memoryVectors.put(model, still), 'later')
      ports.search.changed(still.map(({ position }) => position))
      await onProgress()
      await clock.turn()
    }
  }
  const modelOf = (modelId: string) => store.memoryVectors.known(modelId)?.id ?? null
  const missing = (modelId: string, from: number, span: number) => store.memoryVectors.missing(modelOf(modelId), { after: from, span, sensitive: settings().sendSensitive })

  const goThroughAll = async (modelId: string, signal: AbortSignal) => {
    while (after !== null) {
      const from: number = after
      const { items, next } = missing(modelId, from, SPAN)
      if (items.length > 0) await embedAll(modelId, items, signal)
      signal.throwIfAborted()
      // Asked for from the beginning meanwhile?
      if (after === from) after = next
      await clock.turn()
    }
  }
  const goThroughPending = async (modelId: string, signal: AbortSignal) => {
    while (pending.size > 0) {
      const some = [...pending].slice(0, MOST_TEXTS)
      // One that changes from now on is pending again.
      for (const position of some) pending.delete(position)
      const items = some.flatMap((position) => missing(modelId, position - 1, 1).items)
      try {
        if (items.length > 0) await embedAll(modelId, items, signal)
      } catch (error) {
        for (const position of some) pending.add(position)
        throw error
      }
    }
  }
  return {
    add: (positions) => {
      if (after !== null) return
      if (pending.size + positions.length > MOST_PENDING) after = 0
      else for (const position of positions) pending.add(position)
    },
    all: () => {
      after = 0
      pending.clear()
    },
    isEmpty: () => after === null && pending.size === 0,
    make: async (modelId, signal) => {
      const isNew = after !== null
      await goThroughAll(modelId, signal)
      await goThroughPending(modelId, signal)
      if (isNew) await removeOthers(ports, modelOf(modelId), signal)
    },
  }
}

async function removeOthers({ store, clock }: EmbeddingPorts, model: number | null, signal: AbortSignal): Promise<void> {
  let from: number | null = 0
  while (from !== null && !signal.aborted) {
    const after: number = from
    from = store.transaction(() => store.memoryVectors.removeOthers(model, { after, span: SPAN }), 'later')
    await clock.turn()
  }
}
