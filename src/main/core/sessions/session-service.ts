import type { Entry } from '#contract/entries'
import type { CreateSession, PatchSession, Session, SessionContext } from '#contract/sessions'
import type { Mode } from '#contract/common'
import { AppError, notFound } from '../errors'
import type { EventSource, EventStream } from '../events/event-stream'
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
  entries(id: string, query: { headId?: string | undefined; cursor?: string | undefined; limit: number }): Page<Entry>
  /** What the next call is sent, or what the call that led to `entryId` was sent. */
  context(id: string, entryId: string | undefined): SessionContext
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

  const patch = (input: PatchSession, traceId: string) => {
    const { id, ...changes } = input
    const before = getSession(store, id)
    if (changes.activeHeadId !== undefined) assertCanSwitch(before, changes.activeHeadId)
    return events.transact((emit) => {
      store.sessions.patch(id, { ...changes, updatedAt: clock.now() })
      const source = sourceOf(id, traceId)
      recordChange(before, changes, (payload) => {
        const entry: Entry = { id: newId(), sessionId: id, parentId: headEntry(before), runId: null, stepId: null, at: clock.now(), payload }
        store.journal.append(entry, before.activeHeadId)
        emit({ topic: 'session.entry', payload: { entry, headId: before.activeHeadId } }, source)
      })
      return tellSession(store, emit, id, source)
    })
  }

  const fork = (id: string, entryId: string | null, traceId: string) => {
    const session = getSession(store, id)
    if (session.status === 'running' || session.status === 'waiting') throw new AppError('CONFLICT', 'A turn is running in this session. Stop it before you continue from elsewhere.')
    if (entryId !== null && store.journal.get(entryId)?.sessionId !== id) throw notFound('Entry', entryId)
    const head = { id: newId(), entryId, createdAt: clock.now() }
    return events.transact((emit) => {
      store.sessions.insertHead(id, head)
      store.sessions.patch(id, { activeHeadId: head.id, updatedAt: clock.now() })
      return { ...tellSession(store, emit, id, sourceOf(id, traceId)), headId: head.id }
    })
  }

  const entries = (id: string, { headId, cursor, limit }: { headId?: string | undefined; cursor?: string | undefined; limit: number }) => {
    const session = getSession(store, id)
    const head = session.heads.find((candidate) => candidate.id === (headId ?? session.activeHeadId))
    if (!head) throw notFound('Head', headId ?? session.activeHeadId)
    const from = cursor ?? head.entryId
    if (from === null) return { items: [], nextCursor: null }
    if (store.journal.get(from)?.sessionId !== id) throw new AppError('INVALID_PARAMETERS', 'The cursor does not belong to this session.')
    const items = store.journal.path(from, limit)
    return { items, nextCursor: items[0]?.parentId ?? null }
  }

  return {
    create, patch, fork, entries,
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
  if (session.status === 'running' || session.status === 'waiting') throw new AppError('CONFLICT', 'A turn is running in this session. Stop it before you switch to another branch.')
}

function headEntry(session: Session): string | null {
  return session.heads.find(({ id }) => id === session.activeHeadId)?.entryId ?? null
}

/**
 * A change of mode or model is part of the conversation once there is one. While a turn runs it owns the head, so
 * the change is then only in the session.
 */
function recordChange(before: Session, changes: { mode?: Mode | undefined; model?: string | null | undefined }, record: (payload: Entry['payload']) => void): void {
  if (headEntry(before) === null || before.status === 'running' || before.status === 'waiting' || before.queuedRuns > 0) return
  if (changes.mode !== undefined && changes.mode !== before.mode) {
    record({ kind: 'mode_change', from: before.mode, to: changes.mode })
  } else if (changes.model !== undefined && changes.model !== before.model) {
    record({ kind: 'model_change', from: before.model, to: changes.model })
  }
}
