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
