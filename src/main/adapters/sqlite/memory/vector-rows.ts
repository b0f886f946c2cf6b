import { createSimd } from './simd-module'
import { wasm } from './web-assembly'

const PAGE = 65_536
/** Before the rows: the query, then what is counted or listed. */
const LIST = 32_768
const OUT = LIST + PAGE * 2
const ROWS = OUT + PAGE * 4
/** As many as the distances of one call have room for. */
const BLOCK = PAGE
const MOST_LISTED = 32_768
/** Of a cosine. */
const STEPS = 1_000_000

/**
 * Vectors in two shapes that fit into memory: one bit and a half byte for each number. The first is scanned, the second puts what
 * it leaves into order. Rows have no gaps: the last one takes the place of one that is removed.
 */
export interface VectorRows {
  readonly size: () => number
  /** Of a vector of length 1. */
  put(slot: number, vector: Float32Array): void
  /** The last row moves to `slot`. */
  removeInto(slot: number): void
  /** The slots of about `most` rows that point most nearly the same way; of those with a 1 in `mask`, or of all. */
  nearest(vector: Float32Array, most: number, mask: Uint8Array | null): number[]
  /** The slots put into order, best first. */
  sorted(vector: Float32Array, slots: readonly number[]): number[]
  /** In bytes. */
  memory(): number
}

export function createVectorRows(dimension: number): VectorRows {
  const bitBytes = Math.ceil(dimension / 128) * 16
  const halfChunks = Math.ceil(dimension / 32)
  const halfBytes = halfChunks * 16
  const pages = Math.ceil(ROWS / PAGE)
  const bits = new wasm.Memory({ initial: pages, maximum: PAGE })
  const halves = new wasm.Memory({ initial: pages, maximum: PAGE })
  const sizes = { scanChunks: bitBytes / 16, halfByteChunks: halfChunks }
  const scanner = createSimd(bits, sizes)
  const multiplier = createSimd(halves, sizes)
  let scales = new Float32Array(1024)
  let distances = new Uint16Array(1024)
  let size = 0

  const reserve = (rows: number) => {
    for (const [memory, bytes] of [[bits, bitBytes], [halves, halfBytes]] as const) {
      const missing = ROWS + rows * bytes - memory.buffer.byteLength
      // In steps, since each gives a new view.
      if (missing > 0) memory.grow(Math.ceil(Math.max(missing, memory.buffer.byteLength / 8) / PAGE))
    }
    if (rows <= scales.length) return
    const larger = new Float32Array(Math.ceil(rows * 1.25))
    larger.set(scales)
    scales = larger
    distances = new Uint16Array(larger.length)
  }
  const scan = (vector: Float32Array) => {
    writeBits(new Uint8Array(bits.buffer, 0, bitBytes), vector)
    for (let from = 0; from < size; from += BLOCK) {
      const count = Math.min(BLOCK, size - from)
      scanner.scan(0, ROWS + from * bitBytes, count, LIST)
      distances.set(new Uint16Array(bits.buffer, LIST, count), from)
    }
  }

  return {
    size: () => size,
    put(slot, vector) {
      if (slot >= size) {
        size = slot + 1
        reserve(size)
      }
      writeBits(new Uint8Array(bits.buffer, ROWS + slot * bitBytes, bitBytes), vector)
      scales[slot] = writeHalves(new Uint8Array(halves.buffer, ROWS + slot * halfBytes, halfBytes), vector)
    },
    removeInto(slot) {
      const last = size - 1
      for (const [memory, bytes] of [[bits, bitBytes], [halves, halfBytes]] as const) {
        const all = new Uint8Array(memory.buffer)
        all.copyWithin(ROWS + slot * bytes, ROWS + last * bytes, ROWS + (last + 1) * bytes)
        all.fill(0, ROWS + last * bytes, ROWS + (last + 1) * bytes)
      }
      scales[slot] = scales[last] ?? 0
      size = last
    },
    nearest(vector, most, mask) {
      scan(vector)
      const farthest = cutOff(distances, size, dimension, Math.min(most, MOST_LISTED), mask)
      const slots: number[] = []
      for (let slot = 0; slot < size && slots.length < MOST_LISTED; slot += 1) {
        if ((distances[slot] ?? 0) <= farthest && (mask === null || mask[slot] === 1)) slots.push(slot)
      }
      return slots
    },
    sorted(vector, slots) {
      const sumOfQuery = writeBytes(new Int8Array(halves.buffer, 0, halfChunks * 32), vector)
      const scores = new Float64Array(slots.length)
      for (let from = 0; from < slots.length; from += BLOCK / 4) {
        const part = slots.slice(from, from + BLOCK / 4)
        new Uint32Array(halves.buffer, LIST, part.length).set(part)
        multiplier.multiply(0, LIST, part.length, ROWS, OUT)
        const products = new Int32Array(halves.buffer, OUT, part.length)
        for (let index = 0; index < part.length; index += 1) scores[from + index] = ((products[index] ?? 0) - 8 * sumOfQuery) * (scales[part[index] ?? 0] ?? 0)
      }
      return bestFirst(slots, scores)
    },
    memory: () => bits.buffer.byteLength + halves.buffer.byteLength + scales.byteLength + distances.byteLength,
  }
}

/** Score and place in one number each: numbers alone are sorted many times faster than by a comparison. */
function bestFirst(slots: readonly number[], scores: Float64Array): number[] {
  const keys = scores.map((score, index) => Math.round((score + 2) * STEPS) * MOST_LISTED + index).sort()
  const best: number[] = []
  for (let index = keys.length - 1; index >= 0; index -= 1) best.push(slots[(keys[index] ?? 0) % MOST_LISTED] ?? 0)
  return best
}

/** The distance within which there are at least `most`. */
function cutOff(distances: Uint16Array, size: number, dimension: number, most: number, mask: Uint8Array | null): number {
  const histogram = new Uint32Array(dimension + 1)
  for (let slot = 0; slot < size; slot += 1) {
    if (mask !== null && mask[slot] !== 1) continue
    const distance = distances[slot] ?? 0
    histogram[distance] = (histogram[distance] ?? 0) + 1
  }
  let count = 0
  for (let distance = 0; distance <= dimension; distance += 1) {
    count += histogram[distance] ?? 0
    if (count >= most) return distance
  }
  return dimension
}

function writeBits(target: Uint8Array, vector: Float32Array): void {
  for (let byte = 0; byte < target.length; byte += 1) {
    let value = 0
    for (let bit = 0; bit < 8; bit += 1) if ((vector[byte * 8 + bit] ?? -1) >= 0) value |= 1 << bit
    target[byte] = value
  }
}

function largestOf(vector: Float32Array): number {
  let largest = 0
  for (const number of vector) if (Math.abs(number) > largest) largest = Math.abs(number)
  return largest
}

/** Numbers from -7 to 7, kept as 1 to 15. Gives what one step is. */
function writeHalves(target: Uint8Array, vector: Float32Array): number {
  const step = largestOf(vector) / 7
  const half = (index: number) => (step === 0 ? 8 : Math.round((vector[index] ?? 0) / step) + 8)
  for (let chunk = 0; chunk < target.length / 16; chunk += 1) {
    for (let byte = 0; byte < 16; byte += 1) target[chunk * 16 + byte] = half(chunk * 32 + byte) | (half(chunk * 32 + 16 + byte) << 4)
  }
  return step
}

/** Numbers from -127 to 127. Gives their sum. */
function writeBytes(target: Int8Array, vector: Float32Array): number {
  const step = largestOf(vector) / 127
  let sum = 0
  for (let index = 0; index < target.length; index += 1) {
    const value = step === 0 ? 0 : Math.round((vector[index] ?? 0) / step)
    target[index] = value
    sum += value
  }
  return sum
}
