import type { Session } from '#contract/sessions'
import type { AttachmentService } from '../attachments/attachment-service'
import type { Emit, EventSource, EventStream } from '../events/event-stream'
import type { ArtifactStore } from '../ports/artifact-store'
import type { Store } from '../ports/store'
import type { Clock, Logger } from '../ports/system'
import { getSession, tellSession } from './publish'
import type { RunManager } from './run-manager'

const KEPT_MS = 7 * 24 * 60 * 60 * 1000
const EMPTY_EVERY_MS = 60 * 60 * 1000

export interface SessionBin {
  /** Stops its runs, then removes the session with its journal and artifacts. */
  remove(id: string, traceId: string): Promise<void>
  /** Stops its runs and puts it into the bin. Idempotent. */
  trash(id: string, traceId: string): Promise<Session>
  /** Takes it out again. Idempotent. */
  untrash(id: string, traceId: string): Session
  /** Removes what has been in the bin for a week, now and every hour. The result stops that. */
  emptyBin(newTraceId: () => string): () => void
}

export interface SessionBinPorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly logger: Logger
  readonly artifacts: ArtifactStore
  readonly runs: RunManager
  readonly attachments: Pick<AttachmentService, 'sweep'>
  /** What others have to save of a session; in the transaction that removes it. */
  readonly onRemoving: (sessionId: string, emit: Emit, traceId: string) => void
  /** What others kept for a session that is gone. */
  readonly onRemoved: (sessionId: string, traceId: string) => Promise<void>
}

export function createSessionBin({ store, events, clock, logger, runs, artifacts, attachments, onRemoving, onRemoved }: SessionBinPorts): SessionBin {
  const sourceOf = (sessionId: string, traceId: string): EventSource => ({ sessionId, runId: null, traceId })
  const setDeleted = (id: string, deletedAt: number | null, traceId: string) => events.transact((emit) => {
    store.sessions.patch(id, { deletedAt })
    return tellSession(store, emit, id, sourceOf(id, traceId))
  })
  const remove = async (id: string, traceId: string) => {
    getSession(store, id)
    await runs.cancelSession(id, traceId)
    // Nobody would find them without it.
    for (const inner of store.agents.sessionsBelow(id).toReversed()) await remove(inner, traceId)
    const hashes = store.attachments.hashesOf(id)
    events.transact((emit) => {
      onRemoving(id, emit, traceId)
      store.sessions.remove(id)
      emit({ topic: 'session.removed', payload: { sessionId: id } }, sourceOf(id, traceId))
    })
    await artifacts.removeSession(id).catch((error: unknown) => { logger.warn('artifacts.not_removed', { sessionId: id, error }) })
    await attachments.sweep(hashes)
    await onRemoved(id, traceId)
  }
  const empty = async (newTraceId: () => string) => {
    for (const id of store.sessions.listDeletedBefore(clock.now() - KEPT_MS)) {
      await remove(id, newTraceId()).catch((error: unknown) => { logger.warn('bin.not_emptied', { sessionId: id, error }) })
    }
  }

  return {
    remove,
    trash: async (id, traceId) => {
      const session = getSession(store, id)
      if (session.deletedAt !== null) return session
      await runs.cancelSession(id, traceId)
      return setDeleted(id, clock.now(), traceId)
    },
    untrash: (id, traceId) => {
      const session = getSession(store, id)
      return session.deletedAt === null ? session : setDeleted(id, null, traceId)
    },
    emptyBin: (newTraceId) => {
      let cancel = () => {}
      const tick = () => {
        cancel = clock.after(EMPTY_EVERY_MS, tick)
        void empty(newTraceId)
      }
      tick()
      return () => cancel()
    },
  }
}
