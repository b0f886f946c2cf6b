import type { Database } from 'better-sqlite3'
import type { MemoryConditions } from '#core/ports/memory-store'
import { createGraph } from './graph'
import { createMemoryLists } from './lists'
import { createNearest, type Nearest } from './nearest'
import { createPast } from './past'

/** A query waits so long for vectors that are being read in; then it takes those that are there. */
const WAIT_MS = 2_000

/** All that reads the memory but for its words (`words/word-reader.ts`), over any connection. `turn` lets other work go first. */
export function createMemoryReader(db: Database, turn: () => Promise<void>) {
  const lists = createMemoryLists(db)
  const graph = createGraph(db)
  const dimensionOf = db.prepare<[number], number>('SELECT dimension FROM memory_models WHERE id = ?').pluck()
  let vectors: { readonly model: number; readonly nearest: Nearest; readonly loading: Promise<void> } | null = null

  const loadAll = async (nearest: Nearest) => {
    while (nearest.load()) await turn()
  }
  const vectorsOf = (model: number) => {
    if (vectors?.model === model) return vectors
    const dimension = dimensionOf.get(model)
    if (dimension === undefined) return null
    const nearest = createNearest(db, model, dimension)
    vectors = { model, nearest, loading: loadAll(nearest) }
    return vectors
  }

  return {
    graph: graph.graph,
    graphTypes: graph.graphTypes,
    ...createPast(db),
    list: lists.list,
    counts: lists.counts,
    vectorCounts: lists.vectorCounts,
    beyond: lists.beyond,
    unused: lists.unused,
    async nearest(vector: Float32Array, { model, ...query }: { readonly model: number; readonly conditions: MemoryConditions; readonly limit: number }) {
      const known = vectorsOf(model)
      if (known === null) return { found: [], of: 0 }
      if (!known.nearest.isLoaded()) await Promise.race([known.loading, new Promise((resolve) => { setTimeout(resolve, WAIT_MS).unref() })])
      return known.nearest.find(vector, query)
    },
    changed: (positions: readonly number[]) => {
      graph.graphChanged()
      vectors?.nearest.changed(positions)
    },
  }
}
export type MemoryReader = ReturnType<typeof createMemoryReader>
