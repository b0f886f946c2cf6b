import type { MemoryDraft, MemoryMode, MemoryStats, RetentionPreview, RetentionRule } from '#contract/memory'
import type { RevisionPart } from '../checkpoints/parts'
import { isAppError } from '../errors'
import type { EventStream } from '../events/event-stream'
import type { MemoryPlace } from '../ports/memory-store'
import type { MemorySearch } from '../ports/memory-search'
import type { Store } from '../ports/store'
import type { MemoryCause, MemoryPorts } from './change-item'
import { consolidate } from './consolidate'
import type { EmbeddingPorts } from './embedding-ports'
import { createEmbeddings, type Embeddings } from './embeddings'
import { type BackupList, createSessionEraser, finishErasing } from './erase-items'
import type { RankedMemory } from './fuse'
import { createKnowledge, type KnowledgeService } from './graph/knowledge'
import { createMemoryPart } from './memory-part'
import { createMemoryService, type MemoryService } from './memory-service'
import { createPastMemory, type PastMemory } from './past'
import { applyRetention, dueByRules, toPreview } from './retention'
import { createRetriever, type Retrieval } from './retriever'
import { createReviews, type MemoryReviews } from './reviews'
import { prepareSave, type Saved } from './save-item'
import { previewUndo, undo } from './undo'

const HOUR_MS = 60 * 60 * 1000
/** After the start, when what is urgent is done. */
const FIRST_UPKEEP_MS = 5 * 60_000

export interface Memory {
  readonly service: MemoryService
  readonly reviews: MemoryReviews
  /** As it was at a moment. */
  readonly past: PastMemory
  /** What the items say of things. */
  readonly knowledge: KnowledgeService
  readonly embeddings: Embeddings
  /** What a session noted and changed, in its checkpoints. `mark`: of the clock by which memory is kept (`moments.ts`). */
  readonly part: (mark: () => number) => RevisionPart
  /** Looks for what is like it; what is given back saves it, inside a transaction at hand. */
  readonly prepareSave: (draft: MemoryDraft, cause: MemoryCause) => Promise<() => Saved>
  /** What an agent at work in that place should know of: never what is forgotten, expired or archived, nor what may not be sent. */
  recall(query: { readonly text: string; readonly place: MemoryPlace; readonly limit: number; readonly mode?: MemoryMode }): Promise<Retrieval>
  readonly upkeep: {
    /** By the rules of the settings, or by others. */
    preview(rules?: readonly RetentionRule[]): Promise<RetentionPreview>
    apply(traceId: string): Promise<RetentionPreview>
    consolidate(): Promise<{ readonly looked: number; readonly found: number }>
  }
  /** What counts in a session alone goes for good with it. */
  readonly ofSession: ReturnType<typeof createSessionEraser>
  readonly undo: {
    preview(to: number, ids?: readonly string[]): ReturnType<typeof previewUndo>
    apply(to: number, ids: readonly string[] | undefined, cause: MemoryCause): ReturnType<typeof undo>
  }
  stats(): Promise<MemoryStats>
  /** What a stop left of erasing, vectors that are missing and, every hour, the rules of retention and a look for duplicates. The result stops it. */
  start(newTraceId: () => string): () => void
}
export type { RankedMemory }

export interface CreateMemoryPorts extends Omit<EmbeddingPorts, 'store' | 'events'> {
  readonly store: Store
  readonly events: EventStream
  readonly backups: BackupList
}

export function createMemory(given: CreateMemoryPorts): Memory {
  const embeddings = createEmbeddings(given)
  // What changes needs its vector anew.
  const search: MemorySearch = { ...given.search, changed: (positions) => { given.search.changed(positions); embeddings.changed(positions) } }
  const ports: MemoryPorts = { store: given.store, search, events: given.events, clock: given.clock, newId: given.newId }
  const retrieve = createRetriever(ports, embeddings)
  const service = createMemoryService({ ...ports, retrieve, backups: given.backups })
  const rules = () => given.settings().retention
  const apply = (traceId: string) => applyRetention(ports, rules(), { by: 'system', cause: 'A rule of retention', traceId })

  let lookedUntil = 0
  const look = async () => {
    const { embeddingModel } = given.settings()
    const model = embeddingModel === null ? null : given.store.memoryVectors.known(embeddingModel)?.id ?? null
    const { next, ...result } = await consolidate(ports, lookedUntil, model)
    lookedUntil = next
    return result
  }

  const erase = async () => {
    if (given.store.memory.hasErasedWords()) await finishErasing(ports)
  }

  return {
    service, embeddings,
    ofSession: createSessionEraser(ports),
    knowledge: createKnowledge(ports),
    part: (mark) => createMemoryPart({ ...ports, store: given.store }, mark),
    reviews: createReviews(ports),
    past: createPastMemory(ports),
    prepareSave: (draft, cause) => prepareSave(ports, draft, cause),
    recall: ({ text, place, limit, mode = 'hybrid' }) => retrieve({ text, mode, limit, conditions: { filter: {}, place, sensitive: given.settings().sendSensitive, now: given.clock.now() } }),
    upkeep: { preview: async (asked = rules()) => toPreview(ports, await dueByRules(ports, asked)), apply, consolidate: look },
    undo: { preview: (to, ids) => previewUndo(ports, to, ids), apply: (to, ids, cause) => undo(ports, to, ids, cause) },
    stats: async () => ({ ...await search.counts(given.clock.now()).then(({ tags, ...counts }) => ({ ...counts, tags: [...tags] })), reviews: given.store.memoryReviews.countOpen(), vectors: await embeddings.state() }),
    start: (newTraceId) => {
      const stopEmbedding = embeddings.start(newTraceId())
      const warn = (error: unknown) => { given.logger.warn('memory.upkeep_failed', { error: isAppError(error) ? error.code : error }) }
      erase().catch(warn)
      const upkeep = () => {
        cancel = given.clock.after(HOUR_MS, upkeep)
        Promise.all([erase(), look(), ...(rules().length > 0 ? [apply(newTraceId())] : [])]).catch(warn)
      }
      let cancel = given.clock.after(FIRST_UPKEEP_MS, upkeep)
      return () => {
        cancel()
        stopEmbedding()
      }
    },
  }
}
