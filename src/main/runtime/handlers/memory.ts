import { MemoryDraftSchema } from '#contract/memory'
import type { MemoryCause } from '#core/memory/change-item'
import { exportText, importText } from '#core/memory/export-text'
import type { MemoryPlace } from '#core/ports/memory-store'
import type { Store } from '#core/ports/store'
import { type CallContext, os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function memoryHandlers({ store }: Pick<RuntimePorts, 'store'>, { events, memory }: Services) {
  const { service, reviews, upkeep, undo, embeddings, past } = memory
  /** What is told is on disk. */
  const settled = () => {
    events.settle()
    return service
  }
  return {
    save: os.memory.save.handler(({ input, context }) => service.save(input, causeOf(context, 'Saved'))),
    query: os.memory.query.handler(({ input: { q, mode, sort, cursor, limit, forWorkspace, forSession, at, ...filter } }) => {
      const asked = { q, sort, cursor, limit, filter, place: placeOf(store, forWorkspace, forSession) }
      const current = settled()
      return at === undefined ? current.query({ ...asked, mode }) : past.query({ ...asked, at })
    }),
    moments: os.memory.moments.handler(() => {
      settled()
      return past.moments()
    }),
    get: os.memory.get.handler(({ input: { id, at } }) => (at === undefined ? settled().get(id) : past.get(id, at))),
    patch: os.memory.patch.handler(({ input: { id, revision, ...patch }, context }) => service.patch(id, patch, revision, causeOf(context, 'Changed'))),
    forget: os.memory.forget.handler(({ input, context }) => service.forget(input.id, causeOf(context, 'Forgotten'))),
    restore: os.memory.restore.handler(({ input, context }) => service.restore(input.id, causeOf(context, 'Restored'))),
    history: os.memory.history.handler(({ input: { id, ...query } }) => pageOf(settled().history(id, query))),
    uses: os.memory.uses.handler(({ input }) => ({ items: settled().uses(input.id) })),
    revert: os.memory.revert.handler(({ input, context }) => service.revert(input.id, input.revision, causeOf(context, `Back to revision ${input.revision}`))),
    merge: os.memory.merge.handler(({ input: { ids, ...texts }, context }) => service.merge(ids, texts, causeOf(context, 'Merged'))),
    split: os.memory.split.handler(({ input, context }) => ({ items: service.split(input.id, input.texts, causeOf(context, 'Split')) })),
    bulk: os.memory.bulk.handler(async ({ input: { do: action, ...target }, context }) => {
      const { changed, failed } = await service.bulk(target, action, causeOf(context, 'Changed with others'))
      return { changed, failed: [...failed] }
    }),
    clear: os.memory.clear.handler(({ input, context }) => service.clear(input, causeOf(context, 'Cleared'))),
    erase: os.memory.erase.handler(({ input, context }) => service.erase(input.ids, context.traceId)),
    reviews: os.memory.reviews.handler(({ input: { state, ...query } }) => {
      settled()
      return pageOf(reviews.list(state, query))
    }),
    decide: os.memory.decide.handler(({ input, context }) => reviews.decide(input.id, input.accept, input.text, causeOf(context, input.accept ? 'Accepted in review' : 'Rejected in review'))),
    consolidate: os.memory.consolidate.handler(() => upkeep.consolidate()),
    previewUndo: os.memory.previewUndo.handler(({ input }) => undo.preview(input.to, input.ids)),
    undo: os.memory.undo.handler(({ input, context }) => undo.apply(input.to, input.ids, causeOf(context, 'Brought back to an earlier moment'))),
    exportItems: os.memory.exportItems.handler(async ({ input: { format, cursor, limit, ...filter } }) => {
      const { items, nextCursor } = await settled().pages(filter, { cursor, limit })
      return { text: exportText(items, format), count: items.length, nextCursor }
    }),
    importItems: os.memory.importItems.handler(async ({ input, context }) => {
      const read = importText(input.text, input.format)
      const good = read.flatMap((entry) => ('draft' in entry ? [{ place: entry.place, draft: MemoryDraftSchema.parse(entry.draft) }] : []))
      const { added, known, failed } = await service.saveMany(good.map(({ draft }) => draft), { ...causeOf(context, 'Imported'), by: 'import' })
      const refused = failed.map(({ index, message }) => ({ place: good[index]?.place ?? 0, message }))
      return { added, known, failed: [...read.flatMap((entry) => ('message' in entry ? [entry] : [])), ...refused] }
    }),
    retention: os.memory.retention.handler(() => upkeep.preview()),
    previewRetention: os.memory.previewRetention.handler(({ input }) => upkeep.preview(input.rules)),
    applyRetention: os.memory.applyRetention.handler(({ context }) => upkeep.apply(context.traceId)),
    stats: os.memory.stats.handler(() => {
      settled()
      return memory.stats()
    }),
    vectors: os.memory.vectors.handler(() => embeddings.state()),
  }
}

function pageOf<T>({ items, nextCursor }: { readonly items: readonly T[]; readonly nextCursor: string | null }) {
  return { items: [...items], nextCursor }
}

export function placeOf(store: Pick<Store, 'sessions'>, forWorkspace: string | undefined, forSession: string | undefined): MemoryPlace | null {
  if (forWorkspace === undefined && forSession === undefined) return null
  return { workspaceId: forWorkspace ?? (forSession === undefined ? null : store.sessions.get(forSession)?.workspaceId ?? null), sessionId: forSession ?? null }
}

export function causeOf({ traceId, by }: CallContext, cause: string): MemoryCause {
  return { by: by ?? 'person', cause, traceId }
}
