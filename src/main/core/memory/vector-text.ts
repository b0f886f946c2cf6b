import type { MemoryFields } from '../ports/memory-store'

/** What every embedding model takes. */
export const MOST_CHARS = 8_000

/** What of an item is turned into its vector. */
export function vectorText({ title, text, solution }: Pick<MemoryFields, 'title' | 'text' | 'solution'>): string {
  const parts = [title, text, ...(solution === null ? [] : [solution.problem, solution.outcome])]
  return parts.filter((part) => part !== '').join('\n').slice(0, MOST_CHARS)
}

/** The same direction, of length 1. */
export function unit(vector: Float32Array): Float32Array {
  let sum = 0
  for (const number of vector) sum += number * number
  const length = Math.sqrt(sum)
  return length === 0 ? vector : vector.map((number) => number / length)
}
