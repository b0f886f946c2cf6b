import { expect, it } from 'vitest'
import { wasm } from './web-assembly'
import { createSimd } from './simd-module'
import { createVectorRows } from './vector-rows'

function random(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

function unitVector(dimension: number, next: () => number): Float32Array {
  const vector = Float32Array.from({ length: dimension }, () => next() + next() + next() - 1.5)
  const length = Math.hypot(...vector)
  return vector.map((number) => number / length)
}

const product = (left: Float32Array, right: Float32Array) => left.reduce((sum, number, index) => sum + number * (right[index] ?? 0), 0)

it.each([[1, 1], [3, 12], [31, 4], [40, 40]])('counts and multiplies as plain JavaScript does, with %i and %i chunks', (scanChunks, halfByteChunks) => {
  const memory = new wasm.Memory({ initial: 4, maximum: 4 })
  const simd = createSimd(memory, { scanChunks, halfByteChunks })
  const next = random(scanChunks)
  const bytes = new Uint8Array(memory.buffer).map(() => Math.floor(next() * 256))
  new Uint8Array(memory.buffer).set(bytes)
  const [query, rows, out, list] = [0, 65_536, 200_000, 210_000]
  const length = scanChunks * 16
  simd.scan(query, rows, 7, out)
  const bits = (byte: number) => byte.toString(2).replaceAll('0', '').length
  const distances = Array.from({ length: 7 }, (_value, row) => Array.from({ length: length * 2 }, (_byte, index) => bits((bytes[query + index] ?? 0) ^ (bytes[rows + row * length + index % length] ?? 0)) * (index < length ? 1 : 2)).reduce((sum, count) => sum + count, 0))
  expect([...new Uint16Array(memory.buffer, out, 7)]).toEqual(distances)

  const chosen = [5, 0, 3]
  new Uint32Array(memory.buffer, list, 3).set(chosen)
  simd.multiply(query, list, 3, rows, out)
  const signed = (byte: number) => (byte << 24) >> 24
  const products = chosen.map((row) => {
    let sum = 0
    for (let chunk = 0; chunk < halfByteChunks; chunk += 1) {
      for (let byte = 0; byte < 16; byte += 1) {
        const pair = bytes[rows + row * halfByteChunks * 16 + chunk * 16 + byte] ?? 0
        sum += signed(bytes[query + chunk * 32 + byte] ?? 0) * (pair & 15) + signed(bytes[query + chunk * 32 + 16 + byte] ?? 0) * (pair >> 4)
      }
    }
    return sum
  })
  expect([...new Int32Array(memory.buffer, out, 3)]).toEqual(products)
})

it.each([100, 384, 1536])('finds the true nearest of vectors of %i numbers', (dimension) => {
  const next = random(dimension)
  const rows = createVectorRows(dimension)
  const vectors = Array.from({ length: 3_000 }, () => unitVector(dimension, next))
  for (const [slot, vector] of vectors.entries()) rows.put(slot, vector)
  const recalls = Array.from({ length: 20 }, () => {
    const query = unitVector(dimension, next)
    const best = vectors.map((vector, slot) => ({ slot, score: product(vector, query) })).sort((left, right) => right.score - left.score).slice(0, 10)
    const found = rows.best(query, rows.nearest(query, 1_200, null), 10).map(({ slot }) => slot)
    return best.filter(({ slot }) => found.includes(slot)).length / 10
  })
  expect(recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length).toBeGreaterThanOrEqual(0.99)
})

it('finds all of the true nearest where they lie in groups, without looking at many others', () => {
  const next = random(11)
  const dimension = 256
  const rows = createVectorRows(dimension)
  const centres = Array.from({ length: 50 }, () => unitVector(dimension, next))
  const around = (centre: Float32Array) => {
    const noise = unitVector(dimension, next)
    const vector = centre.map((number, index) => number + (noise[index] ?? 0))
    const length = Math.hypot(...vector)
    return vector.map((number) => number / length)
  }
  const vectors = Array.from({ length: 6_000 }, (_value, slot) => around(centres[slot % 50] ?? new Float32Array(dimension)))
  for (const [slot, vector] of vectors.entries()) rows.put(slot, vector)
  let read = 0
  let found = 0
  for (let asked = 0; asked < 20; asked += 1) {
    const query = around(centres[asked] ?? new Float32Array(dimension))
    const best = vectors.map((vector, slot) => ({ slot, score: product(vector, query) })).sort((left, right) => right.score - left.score).slice(0, 10)
    const candidates = rows.best(query, rows.nearest(query, 4_000, null), 10).map(({ slot }) => slot)
    read += candidates.length
    found += best.filter(({ slot }) => candidates.includes(slot)).length
  }
  expect(found / 200).toBeGreaterThanOrEqual(0.99)
  expect(read / 20).toBeLessThanOrEqual(60)
})

it('looks only where it may, and has no gaps', () => {
  const next = random(5)
  const rows = createVectorRows(64)
  const vectors = Array.from({ length: 10 }, () => unitVector(64, next))
  for (const [slot, vector] of vectors.entries()) rows.put(slot, vector)
  const [first] = vectors
  if (!first) throw new Error('no vector')
  expect(rows.best(first, rows.nearest(first, 10, Uint8Array.from([0, 1, 1, 0, 0, 0, 0, 0, 0, 0])), 10).map(({ slot }) => slot).sort()).toEqual([1, 2])
  rows.removeInto(0)
  expect(rows.size()).toBe(9)
  const last = vectors[9] ?? first
  expect(rows.best(last, rows.nearest(last, 10, null), 1)[0]?.slot).toBe(0)
})
