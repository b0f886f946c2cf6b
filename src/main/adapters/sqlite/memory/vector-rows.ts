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
const BINS = 1024

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
  /** The best `count` of the slots, in order. */
  best(vector: Float32Array, slots: readonly number[], count: number): number[]
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
    writePlanes(new Uint8Array(bits.buffer, 0, bitBytes * 2), vector)
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
      const farthest = cutOff(distances, size, bitBytes * 8 * 3, Math.min(most, MOST_LISTED), mask)
      const slots: number[] = []
      for (let slot = 0; slot < size && slots.length < MOST_LISTED; slot += 1) {
        if ((distances[slot] ?? 0) <= farthest && (mask === null || mask[slot] === 1)) slots.push(slot)
      }
      return slots
    },
    best(vector, slots, count) {
      const sumOfQuery = writeBytes(new Int8Array(halves.buffer, 0, halfChunks * 32), vector)
      const scores = new Float64Array(slots.length)
      for (let from = 0; from < slots.length; from += BLOCK / 4) {
        const part = slots.slice(from, from + BLOCK / 4)
        new Uint32Array(halves.buffer, LIST, part.length).set(part)
        multiplier.multiply(0, LIST, part.length, ROWS, OUT)
        const products = new Int32Array(halves.buffer, OUT, part.length)
        for (let index = 0; index < part.length; index += 1) scores[from + index] = ((products[index] ?? 0) - 8 * sumOfQuery) * (scales[part[index] ?? 0] ?? 0)
      }
      return bestOf(slots, scores, count)
    },
    memory: () => bits.buffer.byteLength + halves.buffer.byteLength + scales.byteLength + distances.byteLength,
  }
}

/** Only those that may be among the best are sorted. */
function bestOf(slots: readonly number[], scores: Float64Array, count: number): number[] {
  const least = count >= slots.length ? Number.NEGATIVE_INFINITY : leastOf(scores, count)
  const order: number[] = []
  for (let index = 0; index < scores.length; index += 1) if ((scores[index] ?? 0) >= least) order.push(index)
  return order.sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0)).slice(0, count).map((index) => slots[index] ?? 0)
}

/** A score that at least `count` reach, and few more. */
function leastOf(scores: Float64Array, count: number): number {
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const score of scores) {
    if (score < lowest) lowest = score
    if (score > highest) highest = score
  }
  const width = (highest - lowest) / BINS || 1
  const histogram = new Uint32Array(BINS + 1)
  for (const score of scores) {
    const bin = Math.floor((score - lowest) / width)
    histogram[bin] = (histogram[bin] ?? 0) + 1
  }
  let reached = 0
  for (let bin = BINS; bin >= 0; bin -= 1) {
    reached += histogram[bin] ?? 0
    if (reached >= count) return lowest + bin * width
  }
  return lowest
}

/** The distance within which there are at least `most`. */
function cutOff(distances: Uint16Array, size: number, farthest: number, most: number, mask: Uint8Array | null): number {
  const histogram = new Uint32Array(farthest + 1)
  for (let slot = 0; slot < size; slot += 1) {
    if (mask !== null && mask[slot] !== 1) continue
    const distance = distances[slot] ?? 0
    histogram[distance] = (histogram[distance] ?? 0) + 1
  }
  let count = 0
  for (let distance = 0; distance <= farthest; distance += 1) {
    count += histogram[distance] ?? 0
    if (count >= most) return distance
  }
  return farthest
}

function writeBits(target: Uint8Array, vector: Float32Array): void {
  for (let byte = 0; byte < target.length; byte += 1) {
    let value = 0
    for (let bit = 0; bit < 8; bit += 1) if ((vector[byte * 8 + bit] ?? -1) >= 0) value |= 1 << bit
    target[byte] = value
  }
}

/**
 * What is asked, in steps of -3, -1, 1 and 3: each is the sum of 1 or -1 and of 2 or -2, so two rows of bits say it. Against the one bit of a
 * row this leaves out little of what the numbers themselves would say.
 */
function writePlanes(target: Uint8Array, vector: Float32Array): void {
  const half = target.length / 2
  const usual = Math.sqrt(vector.reduce((sum, number) => sum + number * number, 0) / vector.length)
  writeBits(target.subarray(half), vector)
  writeBits(target.subarray(0, half), vector.map((number) => (number >= 0 ? number - usual : number + usual)))
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
