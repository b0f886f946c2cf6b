import type { Run } from '#contract/runs'
import type { Session } from '#contract/sessions'
import { notFound } from '../errors'
import type { Emit, EventSource } from '../events/event-stream'
import type { RunPatch, Store } from '../ports/store'

/** Changes a run and tells of it, and of its session whose state follows from it; inside a transaction. */
export function changeRun(store: Store, emit: Emit, run: Pick<Run, 'id' | 'sessionId'>, patch: RunPatch, source: EventSource): Run {
  store.runs.patch(run.id, patch)
  const changed = getRun(store, run.id)
  emit({ topic: 'run.update', payload: { run: changed } }, source)
  tellSession(store, emit, run.sessionId, source)
  return changed
}

export function tellSession(store: Pick<Store, 'sessions'>, emit: Emit, sessionId: string, source: EventSource): Session {
  const session = getSession(store, sessionId)
  emit({ topic: 'session.update', payload: { session } }, source)
  return session
}

export function getRun(store: Pick<Store, 'runs'>, id: string): Run {
  const run = store.runs.get(id)
  if (!run) throw notFound('Run', id)
  return run
}

export function getSession(store: Pick<Store, 'sessions'>, id: string): Session {
  const session = store.sessions.get(id)
  if (!session) throw notFound('Session', id)
  return session
}
