import type { MemorySettings } from '#contract/settings'
import { createEventStream } from '../../events/event-stream'
import type { Embedder } from '../../ports/embedder'
import { createMemory } from '../create-memory'
import { openMemoryStore } from '../../../adapters/sqlite'
import { createManualClock } from '../../../../testing/manual-clock'

/** The memory over a real database in memory, with a model that turns texts into vectors by their letters. */
export function openMemoryBench({ embedder, settings = {} }: { readonly embedder?: Embedder; readonly settings?: Partial<MemorySettings> } = {}) {
  const clock = createManualClock()
  let count = 0
  const newId = () => `id-${String((count += 1)).padStart(5, '0')}`
  const store = openMemoryStore({ clock, newId })
  const events = createEventStream({ store, clock })
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  const current: { value: MemorySettings } = { value: { embeddingModel: null, sendSensitive: false, retention: [], ...settings } as MemorySettings }
  const memory = createMemory({
    store, search: store.memorySearch, events, clock, newId, logger, settings: () => current.value,
    embedder: () => (embedder ? Promise.resolve(embedder) : Promise.reject(new Error('no model'))), backups: () => Promise.resolve([]),
  })
  return { memory, store, clock, events, setSettings: (changed: Partial<MemorySettings>) => { current.value = { ...current.value, ...changed }; memory.embeddings.settingsChanged() } }
}

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
