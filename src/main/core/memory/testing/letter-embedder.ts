import type { Embedder } from '../../ports/embedder'

/** Texts that share pieces of words point the same way; the same text has the same vector in every run. */
export function letterEmbedder(dimension = 384): Embedder & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    embed: (texts) => {
      asked.push(...texts)
      return Promise.resolve(texts.map((text) => vectorOfLetters(text, dimension)))
    },
  }
}

export function vectorOfLetters(text: string, dimension: number): Float32Array {
  const vector = new Float32Array(dimension)
  const words = text.toLowerCase().normalize('NFD').match(/[\p{L}\p{N}]+/gu) ?? []
  const seen = new Set<string>()
  for (const word of words) {
    if (seen.has(word)) continue
    seen.add(word)
    const padded = `<${word}>`
    for (const length of [3, 4, 5]) for (let from = 0; from + length <= padded.length; from += 1) add(vector, padded.slice(from, from + length), 1 / Math.sqrt(padded.length))
    add(vector, padded, 1)
  }
  return vector
}

function add(vector: Float32Array, part: string, weight: number): void {
  let hash = 0x811c9dc5
  for (let index = 0; index < part.length; index += 1) hash = Math.imul(hash ^ part.charCodeAt(index), 0x01000193)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  hash ^= hash >>> 13
  const place = (hash >>> 1) % vector.length
  vector[place] = (vector[place] ?? 0) + ((hash & 1) === 0 ? weight : -weight)
}
