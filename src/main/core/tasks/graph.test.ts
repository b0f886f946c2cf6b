import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findCycle } from './graph'

/** Edges only from later to earlier ones: never a circle. */
const dag = fc.integer({ min: 1, max: 14 }).chain((size) =>
  fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 40 }).map((pairs) => {
    const edges = new Map<string, string[]>(Array.from({ length: size }, (_, index) => [String(index), []]))
    for (const [left, right] of pairs) {
      const [from, to] = [Math.max(left, right), Math.min(left, right)]
      if (from !== to && !edges.get(String(from))?.includes(String(to))) edges.get(String(from))?.push(String(to))
    }
    return edges
  }))

/** By closure, as slow and as plain as can be. */
function reaches(edges: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  return (edges.get(from) ?? []).some((next) => next === to || reaches(edges, next, to))
}

it('finds a circle exactly where there would be one, and names a way around it: 10,000 graphs', () => {
  fc.assert(fc.property(dag, fc.nat(13), fc.array(fc.nat(13), { maxLength: 5 }), (edges, start, wanted) => {
    const id = String(start % edges.size)
    const dependsOn = wanted.map((other) => String(other % edges.size))
    const dependenciesOf = (other: string) => edges.get(other) ?? []
    const cycle = findCycle(id, dependsOn, dependenciesOf)
    expect(cycle !== null).toBe(dependsOn.some((other) => other === id || reaches(edges, other, id)))
    if (!cycle) return
    expect([cycle[0], cycle.at(-1)]).toEqual([id, id])
    for (const [index, from] of cycle.slice(0, -1).entries()) {
      const next = index === 0 ? dependsOn : dependenciesOf(from)
      expect(next).toContain(cycle[index + 1])
    }
  }), { numRuns: 10_000 })
})
