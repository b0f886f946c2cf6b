import type { Database } from 'better-sqlite3'
import type { FoundMemory } from '#core/ports/memory-search'
import type { MemoryConditions } from '#core/ports/memory-store'
import { whereOf } from './conditions'
import { createStatements } from './statements'
import type { Candidate } from './vector-rows'

/** So many are read and compared exactly before it is seen whether others can still be better. */
const AT_ONCE = 8

/** Of the candidates, in the order of what they may have, the best that fit the conditions, by their whole vectors: no more of those are read than can be better than what was found. */
export function createExact(db: Database, model: number, positionOf: (slot: number) => number) {
  const vectorOf = db.prepare<[number], Buffer>(`SELECT vector FROM memory_vectors WHERE item = ? AND model = ${model}`).pluck()
  const statement = createStatements(db)
  const fitting = (positions: readonly number[], conditions: MemoryConditions): ReadonlySet<number> => {
    const { sql, parameters } = whereOf(conditions)
    return new Set(statement<{ position: number }>(`SELECT m.position FROM json_each(@positions) p CROSS JOIN memory_items m ON m.position = p.value WHERE ${sql}`)
      .all({ ...parameters, positions: JSON.stringify(positions) }).map(({ position }) => position))
  }
  const exact = (vector: Float32Array, { slot }: Candidate): FoundMemory[] => {
    const position = positionOf(slot)
    const blob = vectorOf.get(position)
    return blob === undefined ? [] : [{ position, score: product(vector, toVector(blob)) }]
  }

  return (vector: Float32Array, candidates: readonly Candidate[], conditions: MemoryConditions, limit: number): FoundMemory[] => {
    const known = new Set<number>()
    let found: FoundMemory[] = []
    let next = 0
    for (;;) {
      while (next < candidates.length && (candidates[next]?.highest ?? 0) >= (found[limit - 1]?.score ?? Number.NEGATIVE_INFINITY)) {
        const until = next + Math.max(AT_ONCE, limit - found.length)
        found = [...found, ...candidates.slice(next, until).flatMap((candidate) => exact(vector, candidate))].sort((left, right) => right.score - left.score)
        next = until
      }
      // The conditions are asked of those that would be given only.
      const unknown = found.slice(0, limit).flatMap(({ position }) => (known.has(position) ? [] : [position]))
      if (unknown.length === 0) return found.slice(0, limit)
      const fit = fitting(unknown, conditions)
      for (const position of fit) known.add(position)
      found = found.filter(({ position }) => fit.has(position) || !unknown.includes(position))
    }
  }
}

export function toVector(blob: Buffer): Float32Array {
  // A buffer of SQLite may begin anywhere; numbers may not.
  return blob.byteOffset % 4 === 0 ? new Float32Array(blob.buffer, blob.byteOffset, Math.floor(blob.byteLength / 4)) : new Float32Array(blob.buffer.slice(blob.byteOffset, blob.byteOffset + blob.byteLength))
}

function product(left: Float32Array, right: Float32Array): number {
  let sum = 0
  for (let index = 0; index < left.length; index += 1) sum += (left[index] ?? 0) * (right[index] ?? 0)
  return sum
}
