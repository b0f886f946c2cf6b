import type { VectorState } from '#contract/memory'
import type { MemorySettings } from '#contract/settings'
import { isAppError } from '../errors'
import type { AskForVector, EmbeddingPorts } from './embedding-ports'
import { createMissingVectors } from './missing-vectors'
import { createQueryVectors } from './query-vectors'

const FIRST_RETRY_MS = 2_000
const LAST_RETRY_MS = 5 * 60_000
const TELL_EVERY_MS = 1_000

export interface Embeddings {
  readonly query: AskForVector
  /** These are new or changed. */
  changed(positions: readonly number[]): void
  state(): Promise<VectorState>
  /** The model or what may be sent may have changed. */
  settingsChanged(): void
  /** Makes the vectors that are missing, beside other work. The result stops it; the next start goes on where it was. */
  start(traceId: string): () => void
  /** Resolves when there is nothing to be done, or nothing can be done now. */
  idle(): Promise<void>
}

export function createEmbeddings(ports: EmbeddingPorts): Embeddings {
  const { settings, clock } = ports
  let failure: { readonly message: string; readonly retryMs: number } | null = null
  let stop: AbortController | null = null
  let cancelRetry = () => {}
  let round: Promise<void> | null = null
  let toldAt = -TELL_EVERY_MS
  let source = { sessionId: null, runId: null, traceId: '' }
  let inForce = keyOf(settings())

  const state = () => stateOf(ports, failure?.message ?? null, round !== null)
  const tell = async () => {
    toldAt = clock.elapsed()
    const vectors = await state().catch(() => null)
    if (vectors && stop) ports.events.transact((emit) => { emit({ topic: 'memory.vectors', payload: { vectors } }, source) }, 'later')
  }
  const missing = createMissingVectors(ports, async () => {
    failure = null
    if (clock.elapsed() - toldAt >= TELL_EVERY_MS) await tell()
  })
  const noteOf = () => {
    if (failure) return `Vectors are missing: ${failure.message}`
    return round === null ? null : 'Vectors are still being made: what has none yet is found by its words.'
  }
  const queries = createQueryVectors(ports, noteOf)

  const begin = () => {
    const { embeddingModel } = settings()
    if (!stop || round || embeddingModel === null || missing.isEmpty()) return
    const { signal } = stop
    cancelRetry()
    const fail = (error: unknown) => {
      if (signal.aborted) return
      ports.logger.warn('memory.not_embedded', { error })
      failure = { message: isAppError(error) ? error.message : 'The embedding model did not answer.', retryMs: Math.min(LAST_RETRY_MS, failure ? failure.retryMs * 2 : FIRST_RETRY_MS) }
      cancelRetry = clock.after(failure.retryMs, begin)
    }
    round = missing.make(embeddingModel, signal).then(() => { failure = null }, fail).finally(() => {
      round = null
      if (failure === null) begin()
      if (round === null && !signal.aborted) return tell()
    })
  }

  return {
    state,
    query: queries.query,
    changed: (positions) => {
      missing.add(positions)
      if (failure === null) begin()
    },
    settingsChanged: () => {
      const wanted = keyOf(settings())
      if (!stop || wanted === inForce) return
      inForce = wanted
      stop.abort()
      cancelRetry()
      stop = new AbortController()
      failure = null
      queries.clear()
      missing.all()
      void (round ?? Promise.resolve()).then(() => {
        begin()
        return tell()
      })
    },
    start: (traceId) => {
      source = { ...source, traceId }
      stop = new AbortController()
      missing.all()
      begin()
      return () => {
        stop?.abort()
        stop = null
        cancelRetry()
      }
    },
    idle: async () => { while (round) await round },
  }
}

async function stateOf({ store, search, settings }: EmbeddingPorts, error: string | null, isAtWork: boolean): Promise<VectorState> {
  const { embeddingModel, sendSensitive } = settings()
  const known = embeddingModel === null ? null : store.memoryVectors.known(embeddingModel)
  const counts = await search.vectorCounts(known?.id ?? null, sendSensitive)
  const state = embeddingModel === null ? 'none' : error !== null ? 'failed' : isAtWork && counts.done < counts.total ? 'working' : 'ready'
  return { state, model: embeddingModel, dimension: known?.dimension ?? null, ...counts, error }
}

function keyOf({ embeddingModel, sendSensitive }: MemorySettings): string {
  return `${embeddingModel ?? ''} ${sendSensitive}`
}
