import type { MemoryDraft, MemoryReview, MemorySource } from '#contract/memory'
import { AppError, notFound } from '../errors'
import type { Page } from '../ports/page'
import type { StoredReview } from '../ports/memory-store'
import { changeItem, changeMemory, forgetItem, getItem, type MemoryCause, type MemoryChange, type MemoryPorts, present } from './change-item'
import { followText } from './graph/read-statements'
import { fieldsOf, saveNow } from './save-item'

export interface MemoryReviews {
  /** Puts a new item up for review. Null: the same was put up before. */
  propose(draft: MemoryDraft, reason: string, source: MemorySource, traceId: string): MemoryReview | null
  list(state: MemoryReview['state'], query: { readonly cursor?: string | undefined; readonly limit: number }): Page<MemoryReview>
  /** Throws AppError CONFLICT when it was decided before, or when its items have gone. */
  decide(id: string, accept: boolean, text: string | undefined, cause: MemoryCause): MemoryReview
}

export function createReviews(ports: MemoryPorts): MemoryReviews {
  const { store, clock, newId } = ports
  const toTold = ({ key: _key, itemIds, ...review }: StoredReview): MemoryReview => ({ ...review, items: itemIds.flatMap((id) => store.memory.get(id) ?? []).map(present) })
  const tellOfReviews = ({ emit }: MemoryChange, traceId: string) => emit({ topic: 'memory.many', payload: { count: 0 } }, { sessionId: null, runId: null, traceId })

  const accept = (change: MemoryChange, { proposal }: StoredReview, text: string | undefined, cause: MemoryCause): string | undefined => {
    switch (proposal.action) {
      case 'create': {
        // A person vouches for it now.
        const { statements, ...proposed } = proposal.draft
        const draft = { ...proposed, text: text ?? proposed.text, ...(statements && { statements: text === undefined ? statements : followText(text, statements) }), trust: proposal.draft.trust === 'untrusted' ? ('person' as const) : proposal.draft.trust }
        return saveNow(ports, change, fieldsOf(ports, draft, cause), cause).item.id
      }
      case 'change':
        changeItem(ports, change, getItem(store, proposal.itemId), { ...proposal.patch, ...(text !== undefined && { text }) }, cause, 'reviewed')
        return undefined
      case 'merge': {
        changeItem(ports, change, getItem(store, proposal.itemId), { text: text ?? proposal.text }, cause, 'merged')
        for (const id of proposal.others) forgetItem(ports, change, getItem(store, id), cause, 'merged')
        return undefined
      }
      case 'forget':
        for (const id of proposal.itemIds) forgetItem(ports, change, getItem(store, id), cause)
        return undefined
    }
  }

  return {
    propose: (draft, reason, source, traceId) => changeMemory(ports, traceId, (change) => {
      const review: StoredReview = {
        id: newId(), key: `proposed ${draft.kind} ${draft.scope} ${draft.workspaceId ?? ''} ${draft.sessionId ?? ''} ${draft.text}`.slice(0, 2_000), kind: 'proposed', state: 'open', reason,
        itemIds: [], proposal: { action: 'create', draft }, source, at: clock.now(), decidedAt: null,
      }
      if (!store.memoryReviews.add(review)) return null
      tellOfReviews(change, traceId)
      return toTold(review)
    }),
    list: (state, query) => {
      const { items, nextCursor } = store.memoryReviews.list(state, query)
      return { items: items.map(toTold), nextCursor }
    },
    decide: (id, isAccepted, text, cause) => changeMemory(ports, cause.traceId, (change) => {
      const review = store.memoryReviews.get(id)
      if (!review) throw notFound('Review', id)
      if (review.state !== 'open') throw new AppError('CONFLICT', `This was ${review.state} before.`)
      const made = isAccepted ? accept(change, review, text, cause) : undefined
      store.memoryReviews.decide(id, isAccepted ? 'accepted' : 'rejected', clock.now(), made)
      tellOfReviews(change, cause.traceId)
      return toTold({ ...review, ...(made !== undefined && { itemIds: [made] }), state: isAccepted ? 'accepted' : 'rejected', decidedAt: clock.now() })
    }),
  }
}
