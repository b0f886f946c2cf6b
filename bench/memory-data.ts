export const DIMENSION = 384
const WORDS = 60

/** The same numbers in every run. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Words as in a language: few are frequent, most are rare. */
export function createTexts(seed: number) {
  const random = createRandom(seed)
  const letters = 'etaoinshrdlucmfwypvbgkqjxz'
  const vocabulary = Array.from({ length: 30_000 }, () => Array.from({ length: 3 + Math.floor(random() * 8) }, () => letters[Math.floor(random() ** 1.5 * 26)]).join(''))
  const word = () => vocabulary[Math.floor(random() ** 3 * vocabulary.length)] ?? 'word'
  return {
    text: () => Array.from({ length: WORDS }, word).join(' '),
    /** Three words of different frequency. */
    query: () => [word(), word(), word()].join(' '),
  }
}

/** Vectors around a thousand centres, of length 1, as those of texts are; `spread` of each around its own. */
export function createVectors(seed: number, spread = 1) {
  const random = createRandom(seed)
  // Drawn from many that were made once: a million vectors are 384 million numbers.
  const normals = Float32Array.from({ length: 65_536 }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
  const normal = () => normals[Math.floor(random() * normals.length)] ?? 0
  const centres = Array.from({ length: 1_000 }, () => Float32Array.from({ length: DIMENSION }, normal))
  const around = (centre: Float32Array, by: number) => unit(centre.map((number) => number + by * normal()))
  return {
    vector: () => around(centres[Math.floor(random() * centres.length)] ?? new Float32Array(DIMENSION), spread),
    /** Near one that is there. */
    near: (vector: Float32Array) => around(vector, 0.5 / Math.sqrt(DIMENSION)),
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return vector.map((number) => number / length)
}

/** The places of the best ten by comparing with all. */
export function bruteForce(vectors: Float32Array, query: Float32Array, limit: number): number[] {
  const best: { readonly place: number; readonly score: number }[] = []
  for (let place = 0; place < vectors.length / DIMENSION; place += 1) {
    let [even, odd] = [0, 0]
    const from = place * DIMENSION
    for (let index = 0; index < DIMENSION; index += 2) {
      even += (vectors[from + index] ?? 0) * (query[index] ?? 0)
      odd += (vectors[from + index + 1] ?? 0) * (query[index + 1] ?? 0)
    }
    const score = even + odd
    if (best.length === limit && score <= (best[limit - 1]?.score ?? -1)) continue
    best.push({ place, score })
    best.sort((left, right) => right.score - left.score)
    best.length = Math.min(best.length, limit)
  }
  return best.map(({ place }) => place)
}

export function percentile(times: readonly number[], part: number): number {
  const sorted = [...times].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
