import type { AgentLifecycle } from '#contract/agents'
import type { Run } from '#contract/runs'
import type { Session } from '#contract/sessions'
import { notFound } from '../errors'
import type { Emit, EventSource } from '../events/event-stream'
import type { StoredAgent } from '../ports/agent-store'
import type { RunPatch, Store } from '../ports/store'

/** Changes a run and tells of it, and of its session whose state follows from it; inside a transaction. */
export function changeRun(store: Store, emit: Emit, run: Pick<Run, 'id' | 'sessionId'>, patch: RunPatch, source: EventSource): Run {
  store.runs.patch(run.id, patch)
  const changed = getRun(store, run.id)
  emit({ topic: 'run.update', payload: { run: changed } }, source)
  if (patch.state !== undefined && changed.joinedRunId === null) tellAgent(store, emit, run.sessionId, lifecycle[patch.state], source)
  tellSession(store, emit, run.sessionId, source)
  return changed
}

const lifecycle: Readonly<Record<Run['state'], AgentLifecycle['event'] | null>> = {
  queued: null, running: 'busy', waiting: 'idle', interrupted: 'idle', completed: 'retired', cancelled: 'retired', failed: 'failed',
}

/** What became of an agent that another one, a plan or a schedule started; that of a person is told by its runs alone. Inside a transaction. */
export function tellAgent(store: Pick<Store, 'agents'>, emit: Emit, sessionId: string, event: AgentLifecycle['event'] | null, source: EventSource): void {
  const agent = event === null ? null : store.agents.get(sessionId)
  if (!agent || event === null) return
  emit({ topic: 'agent.lifecycle', payload: { event, agentId: agentName(agent), agentType: agent.template, parentId: agent.parentSessionId } }, source)
}

export function agentName({ template, sessionId }: Pick<StoredAgent, 'template' | 'sessionId'>): string {
  return `${template}-${sessionId}`
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
