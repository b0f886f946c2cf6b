import type { Entry, EntryPayload } from '#contract/entries'
import type { CreateSession, ForkPoint, PatchSession, Session, SessionContext } from '#contract/sessions'
import type { Mode } from '#contract/common'
import { entryMessage } from '../context/entry-messages'
import { AppError, notFound } from '../errors'
import type { Emit, EventSource } from '../events/event-stream'
import type { Page, Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import { getSession, tellSession } from './publish'
import { type CompactPorts, createCompact } from './compact'
import { forksOf } from './forks'
import { createSessionBin, type SessionBin, type SessionBinPorts } from './session-bin'
import { type ContextReaderPorts, createContextReader } from './session-context'
import { untitled } from './titles'

export interface SessionService extends SessionBin {
  create(input: CreateSession, traceId: string): Session
  patch(input: PatchSession, traceId: string): Session
  fork(id: string, entryId: string | null, traceId: string): Session & { readonly headId: string }
  entries(id: string, query: EntryQuery): Page<Entry>
  /** The head of the branch that an entry is on. */
  locate(id: string, entryId: string): string
  /** Where the branches part. */
  forks(id: string): ForkPoint[]
  compact(id: string, traceId: string): Promise<Entry>
  /** Leaves tool outputs out of the context; an entry marks it. AppError INVALID_PARAMETERS for other entries. */
  discard(id: string, entryIds: readonly string[], traceId: string): Entry
  /** What the next call is sent, or what the call that led to `entryId` was sent. */
  context(id: string, entryId: string | undefined): SessionContext
}

interface EntryQuery {
  readonly headId?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface SessionServicePorts extends Omit<ContextReaderPorts, 'models'>, SessionBinPorts, Omit<CompactPorts, 'models'> {
  readonly models: ContextReaderPorts['models'] & CompactPorts['models']
  readonly store: Store
  readonly clock: Clock
  readonly newId: NewId
}

export function createSessionService(ports: SessionServicePorts): SessionService {
  const { store, events, clock, newId } = ports
  const sourceOf = (sessionId: string, traceId: string): EventSource => ({ sessionId, runId: null, traceId })

  const create = (input: CreateSession, traceId: string) => {
    const workspaceId = input.workspaceId ?? null
    if (workspaceId !== null && !store.workspaces.get(workspaceId)) throw notFound('Workspace', workspaceId)
    const id = newId()
    return events.transact((emit) => {
      store.sessions.insert({
        id, workspaceId, title: input.title ?? untitled, model: input.model ?? null, mode: input.mode ?? ports.settings().defaultMode,
        createdAt: clock.now(), head: { id: newId(), entryId: null, createdAt: clock.now() },
      })
      return tellSession(store, emit, id, sourceOf(id, traceId))
    })
  }

  const addEntry = (session: Session, payload: EntryPayload, emit: Emit, source: EventSource): Entry => {
    const entry: Entry = { id: newId(), sessionId: session.id, parentId: headEntry(session), runId: null, stepId: null, at: clock.now(), payload }
    store.journal.append(entry, session.activeHeadId)
    emit({ topic: 'session.entry', payload: { entry, headId: session.activeHeadId } }, source)
    return entry
  }

  const patch = (input: PatchSession, traceId: string) => {
    const { id, ...changes } = input
    const before = getSession(store, id)
    if (changes.activeHeadId !== undefined) assertCanSwitch(before, changes.activeHeadId)
    return events.transact((emit) => {
      // Its place in the list says when it last did something; a name or a pin is not that.
      const isActivity = changes.mode !== undefined || changes.model !== undefined || changes.activeHeadId !== undefined
      store.sessions.patch(id, { ...changes, ...(isActivity && { updatedAt: clock.now() }) })
      const source = sourceOf(id, traceId)
      const change = changeOf(before, changes)
      if (change) addEntry(before, change, emit, source)
      return tellSession(store, emit, id, source)
    })
  }

  const fork = (id: string, entryId: string | null, traceId: string) => {
    const session = getSession(store, id)
    assertIdle(session, 'continue from elsewhere')
    if (entryId !== null && store.journal.get(entryId)?.sessionId !== id) throw notFound('Entry', entryId)
    const head = { id: newId(), entryId, createdAt: clock.now() }
    return events.transact((emit) => {
      store.sessions.insertHead(id, head)
      store.sessions.patch(id, { activeHeadId: head.id, updatedAt: clock.now() })
      return { ...tellSession(store, emit, id, sourceOf(id, traceId)), headId: head.id }
    })
  }

  const discard = (id: string, entryIds: readonly string[], traceId: string) => {
    const session = getSession(store, id)
    assertIdle(session, 'change what the model sees')
    const results = toolResults(store, headEntry(session), new Set(entryIds))
    if (results.length < new Set(entryIds).size) throw new AppError('INVALID_PARAMETERS', 'Only tool results of the conversation at hand can be left out.')
    const tokens = results.reduce((sum, entry) => sum + (entryMessage(entry)?.tokens ?? 0), 0)
    return events.transact((emit) => addEntry(session, { kind: 'context_discard', entryIds: [...entryIds], tokens }, emit, sourceOf(id, traceId)))
  }

  return {
    create, patch, fork, discard,
    ...createSessionBin(ports),
    entries: (id, query) => readEntries(store, id, query),
    forks: (id) => forksOf(store, id),
    compact: createCompact(ports),
    locate: (id, entryId) => locate(store, id, entryId),
    context: createContextReader(ports),
  }
}

function assertCanSwitch(session: Session, headId: string): void {
  if (!session.heads.some(({ id }) => id === headId)) throw notFound('Head', headId)
  assertIdle(session, 'switch to another branch')
}

function readEntries(store: Store, id: string, { headId, cursor, limit }: EntryQuery): Page<Entry> {
  const session = getSession(store, id)
  const head = session.heads.find((candidate) => candidate.id === (headId ?? session.activeHeadId))
  if (!head) throw notFound('Head', headId ?? session.activeHeadId)
  const from = cursor ?? head.entryId
  if (from === null) return { items: [], nextCursor: null }
  if (store.journal.get(from)?.sessionId !== id) throw new AppError('INVALID_PARAMETERS', 'The cursor does not belong to this session.')
  const items = store.journal.path(from, limit)
  return { items, nextCursor: items[0]?.parentId ?? null }
}

function locate(store: Store, id: string, entryId: string): string {
  const session = getSession(store, id)
  const newestFirst = session.heads.toReversed().sort((left, right) => Number(right.id === session.activeHeadId) - Number(left.id === session.activeHeadId))
  const head = newestFirst.find((candidate) => candidate.entryId !== null && store.journal.pathIds(candidate.entryId).includes(entryId))
  if (!head) throw notFound('Entry', entryId)
  return head.id
}

function toolResults(store: Store, headEntryId: string | null, ids: ReadonlySet<string>): Entry[] {
  const path = headEntryId === null ? [] : store.journal.path(headEntryId)
  return path.filter((entry) => ids.has(entry.id) && entry.payload.kind === 'tool_result')
}

function headEntry(session: Session): string | null {
  return session.heads.find(({ id }) => id === session.activeHeadId)?.entryId ?? null
}

/**
 * A change of mode or model is part of the conversation once there is one. While a turn runs it owns the head, so
 * the change is then only in the session.
 */
function changeOf(before: Session, changes: { mode?: Mode | undefined; model?: string | null | undefined }): EntryPayload | null {
  if (headEntry(before) === null || isBusy(before) || before.queuedRuns > 0) return null
  if (changes.mode !== undefined && changes.mode !== before.mode) return { kind: 'mode_change', from: before.mode, to: changes.mode }
  if (changes.model !== undefined && changes.model !== before.model) return { kind: 'model_change', from: before.model, to: changes.model }
  return null
}

function isBusy({ status }: Session): boolean {
  return status === 'running' || status === 'waiting'
}

function assertIdle(session: Session, wish: string): void {
  if (isBusy(session)) throw new AppError('CONFLICT', `A turn is running in this session. Stop it before you ${wish}.`)
}
