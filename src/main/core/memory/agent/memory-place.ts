import type { Store } from '../../ports/store'
import type { Place } from './agent-memory'

/** Where the agent of a session works. What counts in a conversation counts for the agents that were started in it too: they share it. */
export function memoryPlace(store: Pick<Store, 'agents' | 'sessions'>, sessionId: string): Place {
  return { workspaceId: store.sessions.conditions(sessionId)?.workspaceId ?? null, sessionId: sharedSession(store, sessionId) }
}

function sharedSession(store: Pick<Store, 'agents'>, sessionId: string): string {
  const agent = store.agents.get(sessionId)
  if (!agent || agent.level === 'task' || agent.handedOverAt !== null || agent.parentSessionId === null) return sessionId
  return sharedSession(store, agent.parentSessionId)
}
