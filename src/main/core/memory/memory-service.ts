import { type Erased, type MemoryAnswer, type MemoryBulkAction, type MemoryDraft, type MemoryFilter, type MemoryHit, type MemoryItem, type MemoryMode, type MemoryPatch, type MemoryRevision, type MemoryUse, MOST_TAGS } from '#contract/memory'
import { parseQuery } from '../search/query'
import { snippetOf } from '../search/snippet'
import { AppError, isAppError, notFound } from '../errors'
import type { MemoryConditions, MemoryPlace, StoredMemory } from '../ports/memory-store'
import type { MemorySort } from '../ports/memory-search'
import type { Page } from '../ports/page'
import { changeItem, changeMemory, checkedPlace, createItem, forgetItem, getItem, type MemoryCause, type MemoryPorts, present } from './change-item'
import { type BackupList, eraseItems } from './erase-items'
import { fieldsAt, fieldsAtRevision, historyOf } from './history'
import { followText, united } from './graph/read-statements'
import { inSlices, onDisk } from './in-slices'
import type { Retrieve } from './retriever'
import { fieldsOf, saveItem, saveNow, sensitivityOf } from './save-item'

/** A search is as deep as this, whatever page is asked for. */
const DEEPEST = 500
const BULK_PAGE = 500

export interface MemoryQuery {
  readonly q?: string | undefined
  readonly mode: MemoryMode
  readonly filter: MemoryFilter
  readonly place: MemoryPlace | null
  /** False: sensitive ones are left out. */
  readonly sensitive?: boolean
  readonly sort: MemorySort
  readonly cursor?: string | undefined
  readonly limit: number
}

export type MemoryArea = { readonly scope: 'user' } | { readonly scope: 'workspace'; readonly workspaceId: string } | { readonly scope: 'session'; readonly sessionId: string }

export interface Failed {
  readonly id: string
  readonly message: string
}

export interface MemoryService {
  /** Throws AppError CONFLICT for what was forgotten, when no person says it. */
  save(draft: MemoryDraft, cause: MemoryCause): Promise<{ readonly item: MemoryItem; readonly outcome: 'created' | 'known' | 'forgotten' }>
  /** Many at once, a few at a time beside other work; the same text is known, what was forgotten stays so. */
  saveMany(drafts: Iterable<MemoryDraft>, cause: MemoryCause): Promise<{ readonly added: number; readonly known: number; readonly failed: readonly { readonly index: number; readonly message: string }[] }>
  query(query: MemoryQuery): Promise<MemoryAnswer>
  get(id: string): MemoryItem
  /** With `revision`, throws AppError CONFLICT when it was changed meanwhile. */
  patch(id: string, patch: MemoryPatch, revision: number | undefined, cause: MemoryCause): MemoryItem
  forget(id: string, cause: MemoryCause): MemoryItem
  restore(id: string, cause: MemoryCause): MemoryItem
  history(id: string, query: { readonly cursor?: string | undefined; readonly limit: number }): Page<MemoryRevision>
  /** The newest turns that it was sent along with. */
  uses(id: string): MemoryUse[]
  revert(id: string, revision: number, cause: MemoryCause): MemoryItem
  merge(ids: readonly string[], texts: { readonly text: string; readonly title?: string | undefined }, cause: MemoryCause): MemoryItem
  split(id: string, texts: readonly string[], cause: MemoryCause): MemoryItem[]
  bulk(target: { readonly ids?: readonly string[] | undefined; readonly filter?: MemoryFilter | undefined }, action: MemoryBulkAction, cause: MemoryCause): Promise<{ readonly changed: number; readonly failed: readonly Failed[] }>
  erase(ids: readonly string[], traceId: string): Promise<Erased>
  /** Of one place, all that counts there and nowhere else; they can be restored. */
  clear(place: MemoryArea, cause: MemoryCause): Promise<{ readonly forgotten: number; readonly at: number }>
  /** They were given to a model: when last, and how often. No revision. */
  used(ids: readonly string[], traceId: string): void
  /** All that fit, in pages. */
  pages(filter: MemoryFilter, query: { readonly cursor?: string | undefined; readonly limit: number }): Promise<Page<MemoryItem>>
}

export interface MemoryServicePorts extends MemoryPorts {
  readonly retrieve: Retrieve
  readonly backups: BackupList
}

export function createMemoryService(ports: MemoryServicePorts): MemoryService {
  const { store, clock, search } = ports
  const changed = (cause: MemoryCause, id: string, work: (change: Parameters<typeof changeItem>[1], item: StoredMemory) => StoredMemory) =>
    present(changeMemory(ports, cause.traceId, (change) => work(change, getItem(store, id))))
  const conditionsOf = (filter: MemoryFilter, place: MemoryPlace | null, sensitive = true): MemoryConditions => ({ filter, place, sensitive, now: clock.now() })
  const listed = async (filter: MemoryFilter, query: { readonly sort: MemorySort; readonly cursor?: string | undefined; readonly limit: number }, place: MemoryPlace | null = null, sensitive = true) => {
    const { positions, nextCursor } = await search.list({ conditions: conditionsOf(filter, place, sensitive), ...query })
    return { items: store.memory.getMany(positions), nextCursor }
  }

  return {
    save: async (draft, cause) => {
      const { item, outcome } = await saveItem(ports, draft, cause)
      return { item: present(item), outcome }
    },
    saveMany: (drafts, cause) => saveMany(ports, drafts, cause),
    query: async (query) => (query.q === undefined || query.q.trim() === '' ? listAnswer(await listed(query.filter, query, query.place, query.sensitive), query.mode) : searchAnswer(ports, query, query.q, conditionsOf(query.filter, query.place, query.sensitive))),
    get: (id) => present(getItem(store, id)),
    patch: (id, patch, revision, cause) => changed(cause, id, (change, item) => {
      if (revision !== undefined && revision !== item.revision) throw new AppError('CONFLICT', 'Somebody else changed this meanwhile. Look at it again.', { data: { revision: item.revision } })
      return changeItem(ports, change, item, checkedPatch(ports, item, patch), cause)
    }),
    forget: (id, cause) => changed(cause, id, (change, item) => forgetItem(ports, change, item, cause)),
    restore: (id, cause) => changed(cause, id, (change, item) => changeItem(ports, change, item, { forgottenAt: null }, cause, 'restored')),
    history: (id, { cursor, limit }) => {
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
      if (!Number.isSafeInteger(before)) throw new AppError('INVALID_PARAMETERS', 'This cursor is not one that a page gave. Start again without a cursor.')
      const { items, next } = historyOf(store.memory, getItem(store, id), { before, limit })
      return { items, nextCursor: next === null ? null : String(next) }
    },
    uses: (id) => store.memory.uses(getItem(store, id).position),
    revert: (id, revision, cause) => changed(cause, id, (change, item) => changeItem(ports, change, item, fieldsAtRevision(store.memory, item, revision), cause, 'undone')),
    merge: ([first = '', ...others], { text, title }, cause) => changed(cause, first, (change, item) => {
      const gone = [...new Set(others)].filter((id) => id !== first).map((id) => getItem(store, id))
      const all = [item, ...gone]
      // What is merged is as sensitive, as important and as little trusted as the parts of it.
      const merged = changeItem(ports, change, item, {
        text, title, statements: followText(text, united(...all.map(({ statements }) => statements))), tags: [...new Set(all.flatMap(({ tags }) => tags))].slice(0, MOST_TAGS), importance: Math.max(...all.map(({ importance }) => importance)),
        sensitivity: all.some(({ sensitivity }) => sensitivity === 'sensitive') ? 'sensitive' : sensitivityOf({ ...item, text }), trust: cause.by === 'person' ? 'person' : leastTrusted(all),
        pinned: all.some(({ pinned }) => pinned), archived: false, forgottenAt: null,
      }, cause, 'merged')
      for (const other of gone) forgetItem(ports, change, other, cause, 'merged')
      return merged
    }),
    split: (id, [first = '', ...rest], cause) => changeMemory(ports, cause.traceId, (change) => {
      const item = getItem(store, id)
      const head = changeItem(ports, change, item, { text: first }, cause, 'split')
      return [head, ...rest.map((text) => createItem(ports, change, { ...fieldsAt(item), text, statements: followText(text, item.statements), source: item.source }, cause, { action: 'split' }))].map(present)
    }),
    bulk: (target, action, cause) => bulk(ports, target, action, cause),
    erase: (ids, traceId) => eraseItems(ports, ids, traceId),
    clear: async (area, cause) => {
      const at = clock.now()
      const { changed: forgotten } = await bulk(ports, { filter: { ...area, state: 'all' } }, { action: 'forget' }, cause)
      return { forgotten, at }
    },
    used: (ids, traceId) => {
      ports.events.transact((emit) => {
        store.memory.use(ids, clock.now())
        for (const id of ids) {
          const item = store.memory.get(id)
          if (item) emit({ topic: 'memory.update', payload: { item: present(item) } }, { sessionId: null, runId: null, traceId })
        }
      }, 'later')
    },
    pages: async (filter, query) => {
      const { items, nextCursor } = await listed(filter, { sort: 'created', ...query })
      return { items: items.map(present), nextCursor }
    },
  }
}

function leastTrusted(items: readonly StoredMemory[]): MemoryItem['trust'] {
  if (items.some(({ trust }) => trust === 'untrusted')) return 'untrusted'
  return items.some(({ trust }) => trust === 'agent') ? 'agent' : 'person'
}

function checkedPatch({ store }: MemoryPorts, item: StoredMemory, patch: MemoryPatch): MemoryPatch {
  const moved = patch.scope !== undefined || patch.workspaceId !== undefined || patch.sessionId !== undefined
  const place = moved ? checkedPlace(store, { scope: patch.scope ?? item.scope, workspaceId: patch.workspaceId ?? item.workspaceId, sessionId: patch.sessionId ?? item.sessionId }) : {}
  const isRewritten = patch.text !== undefined || patch.title !== undefined || patch.solution !== undefined || patch.statements !== undefined
  const judged = isRewritten && patch.sensitivity === undefined && item.sensitivity === 'normal'
    ? { sensitivity: sensitivityOf({ title: patch.title ?? item.title, text: patch.text ?? item.text, solution: patch.solution ?? item.solution, statements: patch.statements }) } : {}
  return { ...patch, ...place, ...judged, ...(patch.tags !== undefined && { tags: [...new Set(patch.tags)] }) }
}

function listAnswer({ items, nextCursor }: { readonly items: readonly StoredMemory[]; readonly nextCursor: string | null }, mode: MemoryMode): MemoryAnswer {
  return { items: items.map((item): MemoryHit => ({ item: present(item), score: null, why: null, snippet: snippetOf(item.text, []) })), nextCursor, mode, note: null }
}

async function searchAnswer({ retrieve }: MemoryServicePorts, { mode, cursor, limit }: MemoryQuery, text: string, conditions: MemoryConditions): Promise<MemoryAnswer> {
  const from = cursor === undefined ? 0 : Number(cursor)
  if (!Number.isSafeInteger(from) || from < 0) throw new AppError('INVALID_PARAMETERS', 'This cursor is not one that a page gave. Start again without a cursor.')
  const until = Math.min(from + limit, DEEPEST)
  const found = await retrieve({ text, mode, conditions, limit: until + 1 })
  const terms = parseQuery(text).flatMap(({ words, prefix }) => words.map((word) => ({ words: [word], prefix })))
  const hits = found.hits.slice(from, until).map(({ item, score, why }): MemoryHit => {
    const corrected = why.corrected.flatMap((word) => word.found.map((instead) => ({ words: [instead], prefix: false })))
    return { item: present(item), score, why, snippet: snippetOf(item.text, [...terms, ...corrected]) }
  })
  return { items: hits, nextCursor: found.hits.length > until && until < DEEPEST ? String(until) : null, mode: found.mode, note: found.note }
}

async function saveMany(ports: MemoryPorts, drafts: Iterable<MemoryDraft>, cause: MemoryCause) {
  let added = 0
  let known = 0
  const failed: { index: number; message: string }[] = []
  await inSlices(ports, numbered(drafts), (slice) => changeMemory(ports, cause.traceId, (change) => {
    for (const [index, draft] of slice) {
      try {
        const { outcome } = saveNow(ports, change, fieldsOf(ports, draft, cause), cause)
        if (outcome === 'created') added += 1
        else known += 1
      } catch (error) {
        if (!isAppError(error) || error.code === 'DISK_FULL') throw error
        failed.push({ index, message: error.message })
      }
    }
  }, { quiet: true, durability: 'later' }))
  await onDisk(ports)
  return { added, known, failed }
}

function* numbered<T>(items: Iterable<T>): Generator<readonly [number, T]> {
  let index = 0
  for (const item of items) yield [index++, item]
}

async function bulk(ports: MemoryPorts, { ids, filter }: { readonly ids?: readonly string[] | undefined; readonly filter?: MemoryFilter | undefined }, action: MemoryBulkAction, cause: MemoryCause) {
  if (ids === undefined && filter === undefined) throw new AppError('INVALID_PARAMETERS', 'Name the items, or give a filter.')
  const targets = ids ?? await idsOf(ports, filter ?? {})
  let count = 0
  const failed: Failed[] = []
  await inSlices(ports, new Set(targets), (slice) => changeMemory(ports, cause.traceId, (change) => {
    for (const id of slice) {
      const item = ports.store.memory.get(id)
      if (!item) {
        failed.push({ id, message: notFound('Memory item', id).message })
        continue
      }
      try {
        if (doOne(ports, change, item, action, cause) !== item) count += 1
      } catch (error) {
        if (!isAppError(error) || error.code === 'DISK_FULL') throw error
        failed.push({ id, message: error.message })
      }
    }
  }, { quiet: true, durability: 'later' }))
  await onDisk(ports)
  return { changed: count, failed }
}

/** Before anything changes, since the changes decide what fits. */
async function idsOf({ search, store, clock }: MemoryPorts, filter: MemoryFilter): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await search.list({ conditions: { filter, place: null, sensitive: true, now: clock.now() }, sort: 'created', cursor, limit: BULK_PAGE })
    ids.push(...store.memory.getMany(page.positions).map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return ids
}

function doOne(ports: MemoryPorts, change: Parameters<typeof changeItem>[1], item: StoredMemory, action: MemoryBulkAction, cause: MemoryCause): StoredMemory {
  switch (action.action) {
    case 'change':
      return changeItem(ports, change, item, checkedPatch(ports, item, action.patch), cause)
    case 'tag': {
      const removed = new Set(action.remove)
      return changeItem(ports, change, item, { tags: [...new Set([...item.tags.filter((tag) => !removed.has(tag)), ...action.add])].slice(0, MOST_TAGS) }, cause)
    }
    case 'forget':
      return forgetItem(ports, change, item, cause)
    case 'restore':
      return changeItem(ports, change, item, { forgottenAt: null }, cause, 'restored')
  }
}
