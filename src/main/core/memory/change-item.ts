import type { MemoryAction, MemoryItem, MemorySource } from '#contract/memory'
import { AppError, notFound } from '../errors'
import type { Emit, EventStream } from '../events/event-stream'
import { type MemoryFields, memoryFields, type StoredMemory } from '../ports/memory-store'
import type { MemorySearch } from '../ports/memory-search'
import type { Durability, Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import { followText } from './graph/read-statements'
import { fingerprint } from './words'

export interface MemoryPorts {
  readonly store: Pick<Store, 'memory' | 'memoryReviews' | 'memoryVectors' | 'sessions' | 'transaction' | 'room' | 'emptyLog' | 'syncSoon'>
  readonly search: MemorySearch
  readonly events: Pick<EventStream, 'transact' | 'settle'>
  readonly clock: Clock
  readonly newId: NewId
}

/** Who changes something and why; kept with the revision. */
export interface MemoryCause {
  readonly by: MemorySource['by']
  /** In words. */
  readonly cause: string
  readonly sessionId?: string | null
  readonly runId?: string | null
  readonly entryId?: string | null
  readonly traceId: string
}

/** One transaction over the memory; what it touched is told to the search after it. */
export interface MemoryChange {
  readonly emit: Emit
  /** Of one item, or with the others of many as one. */
  readonly quiet: boolean
  readonly touched: number[]
}

/** `quiet`: no event for each item; with anything touched, one for all. */
export function changeMemory<T>(ports: MemoryPorts, traceId: string, work: (change: MemoryChange) => T, { quiet = false, durability }: { readonly quiet?: boolean; readonly durability?: Durability } = {}): T {
  const touched: number[] = []
  const result = ports.events.transact((emit) => {
    const done = work({ emit, quiet, touched })
    if (quiet && touched.length > 0) emit({ topic: 'memory.many', payload: { count: touched.length } }, source(traceId))
    return done
  }, durability)
  if (touched.length > 0) ports.search.changed(touched)
  return result
}

export function getItem(store: Pick<Store, 'memory'>, id: string): StoredMemory {
  const item = store.memory.get(id)
  if (!item) throw notFound('Memory item', id)
  return item
}

/** What is undefined stays. */
export type MemoryFieldsPatch = { readonly [K in keyof MemoryFields]?: MemoryFields[K] | undefined }
export type NewMemory = MemoryFields & Pick<MemoryItem, 'source'>

/** Adds an item; `action` is recorded where it did not simply come new. */
export function createItem({ store, clock, newId }: MemoryPorts, change: MemoryChange, fields: NewMemory, cause: MemoryCause, { action = 'created', hash = fingerprint(fields.text) }: { readonly action?: MemoryAction; readonly hash?: number } = {}): StoredMemory {
  const now = clock.now()
  const item = store.memory.insert({ id: newId(), ...fields, lastUsedAt: null, useCount: 0, createdAt: now, updatedAt: now, revision: 1 }, hash)
  if (action !== 'created') store.memory.addRevision(item.position, { ...revisionOf(cause, action, now, 1), before: {} })
  tell(change, item, cause.traceId)
  return item
}

/**
 * The one way in which an item changes: the item, the revision with its cause, the index of words and the event are in the
 * transaction at hand. Nothing is recorded where nothing changes. What it states follows its text, unless that is given too.
 */
export function changeItem({ store, clock }: MemoryPorts, change: MemoryChange, before: StoredMemory, asked: MemoryFieldsPatch, cause: MemoryCause, action: MemoryAction = 'changed'): StoredMemory {
  const isReworded = asked.text !== undefined && asked.text !== before.text && asked.statements === undefined
  const patch = isReworded ? { ...asked, statements: followText(asked.text ?? '', before.statements) } : asked
  const names = memoryFields.filter((name) => patch[name] !== undefined && JSON.stringify(patch[name]) !== JSON.stringify(before[name]))
  if (names.length === 0) return before
  const now = clock.now()
  const fields = Object.fromEntries(names.map((name) => [name, patch[name]]))
  const after = { ...before, ...fields, revision: before.revision + 1, updatedAt: now }
  const was = Object.fromEntries(names.map((name) => [name, before[name]]))
  store.memory.change(before, after, fingerprint(after.text), { ...revisionOf(cause, action, now, after.revision), before: was })
  tell(change, after, cause.traceId)
  return after
}

export function forgetItem(ports: MemoryPorts, change: MemoryChange, item: StoredMemory, cause: MemoryCause, action: MemoryAction = 'forgotten'): StoredMemory {
  if (item.forgottenAt !== null) return item
  return changeItem(ports, change, item, { forgottenAt: ports.clock.now() }, cause, action)
}

/** Where it counts, made consistent. Throws AppError INVALID_PARAMETERS. */
export function checkedPlace(store: Pick<Store, 'sessions'>, { scope, workspaceId, sessionId }: Pick<MemoryFields, 'scope' | 'workspaceId' | 'sessionId'>): Pick<MemoryFields, 'scope' | 'workspaceId' | 'sessionId'> {
  switch (scope) {
    case 'user':
      return { scope, workspaceId: null, sessionId: null }
    case 'workspace':
      if (workspaceId === null) throw new AppError('INVALID_PARAMETERS', 'An item of a workspace needs its workspaceId.')
      return { scope, workspaceId, sessionId: null }
    case 'session': {
      if (sessionId === null) throw new AppError('INVALID_PARAMETERS', 'An item of a session needs its sessionId.')
      return { scope, workspaceId: store.sessions.get(sessionId)?.workspaceId ?? workspaceId, sessionId }
    }
  }
}

function tell({ emit, quiet, touched }: MemoryChange, { position, ...item }: StoredMemory, traceId: string): void {
  touched.push(position)
  if (!quiet) emit({ topic: 'memory.update', payload: { item } }, { ...source(traceId), sessionId: item.scope === 'session' ? item.sessionId : null })
}

function source(traceId: string) {
  return { sessionId: null, runId: null, traceId }
}

function revisionOf({ by, cause, sessionId = null, runId = null, entryId = null }: MemoryCause, action: MemoryAction, at: number, revision: number) {
  return { revision, at, action, by, cause, sessionId, runId, entryId }
}

/** As it is told. */
export function present({ position: _position, ...item }: StoredMemory): MemoryItem {
  return item
}
