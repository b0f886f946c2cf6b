import type { Entry, EntryPayload } from '#contract/entries'
import type { CreateSession, PatchSession, Session, SessionContext } from '#contract/sessions'
import type { Mode } from '#contract/common'
import { entryMessage } from '../context/entry-messages'
import { AppError, notFound } from '../errors'
import type { Emit, EventSource, EventStream } from '../events/event-stream'
import type { ArtifactStore } from '../ports/artifact-store'
import type { Page, Store } from '../ports/store'
import type { Clock, Logger, NewId } from '../ports/system'
import { getSession, tellSession } from './publish'
import { type ContextReaderPorts, createContextReader } from './session-context'
import type { RunManager } from './run-manager'
import { untitled } from './titles'

export interface SessionService {
  create(input: CreateSession, traceId: string): Session
  patch(input: PatchSession, traceId: string): Session
  /** Stops its runs, then removes the session with its journal and artifacts. */
  remove(id: string, traceId: string): Promise<void>
  fork(id: string, entryId: string | null, traceId: string): Session & { readonly headId: string }
  entries(id: string, query: EntryQuery): Page<Entry>
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

export interface SessionServicePorts extends ContextReaderPorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
  readonly logger: Logger
  readonly artifacts: ArtifactStore
  readonly runs: RunManager
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
      store.sessions.patch(id, { ...changes, updatedAt: clock.now() })
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
    entries: (id, query) => readEntries(store, id, query),
    context: createContextReader(ports),
    remove: async (id, traceId) => {
      getSession(store, id)
      await ports.runs.cancelSession(id, traceId)
      events.transact((emit) => {
        store.sessions.remove(id)
        emit({ topic: 'session.removed', payload: { sessionId: id } }, sourceOf(id, traceId))
      })
      await ports.artifacts.removeSession(id).catch((error: unknown) => { ports.logger.warn('artifacts.not_removed', { sessionId: id, error }) })
    },
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
