import type { MemoryRevision } from '#contract/memory'
import { AppError } from '../errors'
import { type MemoryFields, memoryFields, type MemoryStore, type StoredMemory, type StoredRevision } from '../ports/memory-store'

const PAGE = 200

type Readable = Pick<MemoryStore, 'revisions'>

/** Newest first, with what was before and after. `before`: only lower numbers. */
export function historyOf(store: Readable, item: StoredMemory, { before = Number.MAX_SAFE_INTEGER, limit }: { readonly before?: number; readonly limit: number }): { readonly items: MemoryRevision[]; readonly next: number | null } {
  const items: MemoryRevision[] = []
  let state = fieldsAt(item)
  for (const revision of newestFirst(store, item)) {
    const earlier = { ...state, ...revision.before }
    if (revision.revision < before) items.push(toTold(revision, state))
    if (items.length === limit) return { items, next: revision.revision > 1 ? revision.revision : null }
    state = earlier
    if (revision.revision === 1) return { items, next: null }
  }
  if (before > 1) items.push(firstOf(item))
  return { items, next: null }
}

/** What it was at a revision. Throws AppError RESOURCE_NOT_FOUND. */
export function fieldsAtRevision(store: Readable, item: StoredMemory, wanted: number): MemoryFields {
  if (wanted > item.revision) throw new AppError('RESOURCE_NOT_FOUND', `There is no revision ${wanted} of this item`)
  let state = fieldsAt(item)
  for (const revision of newestFirst(store, item)) {
    if (revision.revision <= wanted) return state
    state = { ...state, ...revision.before }
  }
  return state
}

/** What it was at a moment; null: it was not there yet. */
export function fieldsAtTime(store: Readable, item: StoredMemory, at: number): MemoryFields | null {
  return stateAtTime(store, item, at)?.fields ?? null
}

export interface StateThen {
  readonly fields: MemoryFields
  readonly revision: number
  readonly updatedAt: number
}

/** The same with the revision that it was in. */
export function stateAtTime(store: Readable, item: StoredMemory, at: number): StateThen | null {
  if (item.createdAt > at) return null
  let fields = fieldsAt(item)
  for (const revision of newestFirst(store, item)) {
    if (revision.at <= at) return { fields, revision: revision.revision, updatedAt: revision.at }
    fields = { ...fields, ...revision.before }
  }
  return { fields, revision: 1, updatedAt: item.createdAt }
}

function* newestFirst(store: Readable, item: StoredMemory): Generator<StoredRevision> {
  let before = Number.MAX_SAFE_INTEGER
  for (;;) {
    const page = store.revisions(item.position, { before, limit: PAGE })
    yield* page
    const last = page.at(-1)
    if (page.length < PAGE || !last) return
    before = last.revision
  }
}

export function fieldsAt(item: MemoryFields): MemoryFields {
  const { kind, title, text, solution, statements, tags, scope, workspaceId, sessionId, importance, sensitivity, trust, expiresAt, pinned, archived, forgottenAt } = item
  return { kind, title, text, solution, statements, tags, scope, workspaceId, sessionId, importance, sensitivity, trust, expiresAt, pinned, archived, forgottenAt }
}

function toTold({ before, ...revision }: StoredRevision, after: MemoryFields): MemoryRevision {
  return { ...revision, changes: memoryFields.filter((name) => name in before).map((name) => ({ name, before: before[name], after: after[name] })) }
}

function firstOf({ createdAt, source: { by, sessionId, runId, entryId } }: StoredMemory): MemoryRevision {
  return { revision: 1, at: createdAt, action: 'created', by, cause: 'Saved', sessionId, runId, entryId, changes: [] }
}
