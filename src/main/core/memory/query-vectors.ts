import { isAppError } from '../errors'
import type { AskForVector, EmbeddingPorts, QueryVector } from './embedding-ports'
import { isSensitive } from './sensitive'
import { MOST_CHARS, unit } from './vector-text'

const QUERY_MS = 4_000
const MOST_KEPT = 200

export interface QueryVectors {
  readonly query: AskForVector
  clear(): void
}

/** The vectors of what is asked; the last ones are kept, since typing asks for the same again. `noteOf`: what is to be said of an answer. */
export function createQueryVectors({ store, settings, embedder }: EmbeddingPorts, noteOf: () => string | null): QueryVectors {
  const kept = new Map<string, QueryVector>()
  const none = (reason: string) => ({ vector: null, note: `${reason} Searched by words alone.` })
  const keep = (key: string, vector: QueryVector) => {
    const [oldest] = kept.keys()
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    kept.set(key, vector)
    return { vector, note: noteOf() }
  }

  return {
    clear: () => { kept.clear() },
    query: async (text) => {
      const { embeddingModel, sendSensitive } = settings()
      if (embeddingModel === null) return none('No embedding model is set up.')
      if (!sendSensitive && isSensitive(text)) return none('What was asked looks sensitive and was not sent.')
      const key = `${embeddingModel} ${text}`
      const known = kept.get(key)
      if (known) return { vector: known, note: noteOf() }
      if (store.memoryVectors.known(embeddingModel) === null) return none(noteOf() ?? 'No item has a vector yet.')
      try {
        const [numbers] = await (await embedder(embeddingModel)).embed([text.slice(0, MOST_CHARS)], AbortSignal.timeout(QUERY_MS))
        const model = store.memoryVectors.known(embeddingModel)
        if (!numbers || !model || model.dimension !== numbers.length) return none('The embedding model gave no vector that fits.')
        return keep(key, { model: model.id, numbers: unit(numbers) })
      } catch (error) {
        return none(isAppError(error) ? error.message : 'The embedding model did not answer.')
      }
    },
  }
}
