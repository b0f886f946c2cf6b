import { createSimd } from './simd-module'
import { wasm } from './web-assembly'

const PAGE = 65_536
/** Before the rows: the query, then what is counted or listed. */
const LIST = 32_768
const OUT = LIST + PAGE * 2
const ROWS = OUT + PAGE * 4
/** As many as the distances of one call have room for. */
const BLOCK = PAGE
const BINS = 1024
/** Candidates are looked at so many at a time, the nearest by their bits first. */
const BAND = 600
const MOST_BANDS = 200
/** What a half byte takes from a number is as likely to be anything up to half a step: the product of two vectors of length 1 is off by this part of one. */
const DEVIATION = 1 / Math.sqrt(12)
/** Two products may be off in opposite directions; so many times that is as good as never. */
const MARGIN = 2.5 * Math.SQRT2 * DEVIATION
/** One product against one that is known exactly. */
const MARGIN_OF_ONE = 3 * DEVIATION

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
  /** The slots of about `most` rows that point most nearly the same way, in bands, the nearest first; of those with a 1 in `mask`, or of all. */
  nearest(vector: Float32Array, most: number, mask: Uint8Array | null): Uint32Array[]
  /** Of the slots, all that may be among the best `count`, by what they may have. Bands are looked at until one brings nothing that comes near them. */
  best(vector: Float32Array, bands: readonly Uint32Array[], count: number): Candidate[]
  /** In bytes. */
  memory(): number
}

export interface Candidate {
  readonly slot: number
  /** Its product with what is asked is not higher. */
  readonly highest: number
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
    scales = grown(scales, Math.ceil(rows * 1.25))
    distances = new Uint16Array(scales.length)
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
      return bandsOf(distances.subarray(0, size), bitBytes * 8 * 3, most, mask)
    },
    best(vector, bands, count) {
      const { sum, step } = writeBytes(new Int8Array(halves.buffer, 0, halfChunks * 32), vector)
      const scored: Scored[] = []
      let least = Number.NEGATIVE_INFINITY
      for (const slots of bands) {
        const scores = new Float64Array(slots.length)
        for (let from = 0; from < slots.length; from += BLOCK / 4) {
          const part = slots.subarray(from, from + BLOCK / 4)
          new Uint32Array(halves.buffer, LIST, part.length).set(part)
          multiplier.multiply(0, LIST, part.length, ROWS, OUT)
          const products = new Int32Array(halves.buffer, OUT, part.length)
          for (let index = 0; index < part.length; index += 1) scores[from + index] = ((products[index] ?? 0) - 8 * sum) * (scales[part[index] ?? 0] ?? 0) * step
        }
        const highest = highestOf({ slots, scores }, scales)
        scored.push({ slots, scores })
        if (highest < least) break
        least = leastOf(scored, count)
      }
      return bestOf(scored, scales, least)
    },
    memory: () => bits.buffer.byteLength + halves.buffer.byteLength + scales.byteLength + distances.byteLength,
  }
}

function grown(array: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(length)
  larger.set(array)
  return larger
}

interface Scored {
  readonly slots: Uint32Array
  readonly scores: Float64Array
}

/** What the best of them may have. */
function highestOf({ slots, scores }: Scored, scales: Float32Array): number {
  let highest = Number.NEGATIVE_INFINITY
  for (let index = 0; index < scores.length; index += 1) highest = Math.max(highest, (scores[index] ?? 0) + MARGIN * (scales[slots[index] ?? 0] ?? 0))
  return highest
}

/** Those that may reach `least`. */
function bestOf(scored: readonly Scored[], scales: Float32Array, least: number): Candidate[] {
  const found: Candidate[] = []
  for (const { slots, scores } of scored) {
    for (let index = 0; index < scores.length; index += 1) {
      const score = scores[index] ?? 0
      const slot = slots[index] ?? 0
      const scale = scales[slot] ?? 0
      if (score + MARGIN * scale >= least) found.push({ slot, highest: score + MARGIN_OF_ONE * scale })
    }
  }
  return found.sort((left, right) => right.highest - left.highest)
}

/** A score that at least `count` reach, and few more. */
function leastOf(scored: readonly Scored[], count: number): number {
  if (scored.reduce((sum, { scores }) => sum + scores.length, 0) <= count) return Number.NEGATIVE_INFINITY
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const { scores } of scored) {
    for (let index = 0; index < scores.length; index += 1) {
      const score = scores[index] ?? 0
      if (score < lowest) lowest = score
      if (score > highest) highest = score
    }
  }
  const width = (highest - lowest) / BINS || 1
  const histogram = new Uint32Array(BINS + 1)
  for (const { scores } of scored) {
    for (let index = 0; index < scores.length; index += 1) {
      const bin = Math.floor(((scores[index] ?? 0) - lowest) / width)
      histogram[bin] = (histogram[bin] ?? 0) + 1
    }
  }
  let reached = 0
  for (let bin = BINS; bin >= 0; bin -= 1) {
    reached += histogram[bin] ?? 0
    if (reached >= count) return lowest + bin * width
  }
  return lowest
}

const NO_BAND = 255

/** The slots of about `most` rows, the nearest, in bands of rising distance. */
function bandsOf(distances: Uint16Array, farthest: number, most: number, mask: Uint8Array | null): Uint32Array[] {
  const histogram = new Uint32Array(farthest + 1)
  for (let slot = 0; slot < distances.length; slot += 1) {
    if (mask !== null && mask[slot] !== 1) continue
    const distance = distances[slot] ?? 0
    histogram[distance] = (histogram[distance] ?? 0) + 1
  }
  const bandOf = new Uint8Array(farthest + 1).fill(NO_BAND)
  const sizes: number[] = []
  let total = 0
  let inBand = 0
  for (let distance = 0; distance <= farthest && total < most && sizes.length < MOST_BANDS; distance += 1) {
    bandOf[distance] = sizes.length
    inBand += histogram[distance] ?? 0
    total += histogram[distance] ?? 0
    if (inBand < BAND && total < most && distance < farthest) continue
    sizes.push(inBand)
    inBand = 0
  }
  const bands = sizes.map((size) => new Uint32Array(size))
  const filled = new Uint32Array(bands.length)
  for (let slot = 0; slot < distances.length; slot += 1) {
    const number = bandOf[distances[slot] ?? 0] ?? NO_BAND
    if (number === NO_BAND || (mask !== null && mask[slot] !== 1)) continue
    const band = bands[number]
    const place = filled[number] ?? 0
    if (band) band[place] = slot
    filled[number] = place + 1
  }
  return bands
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

/** Numbers from -127 to 127. Gives their sum, and what one step is. */
function writeBytes(target: Int8Array, vector: Float32Array): { readonly sum: number; readonly step: number } {
  const step = largestOf(vector) / 127
  let sum = 0
  for (let index = 0; index < target.length; index += 1) {
    const value = step === 0 ? 0 : Math.round((vector[index] ?? 0) / step)
    target[index] = value
    sum += value
  }
  return { sum, step }
}
