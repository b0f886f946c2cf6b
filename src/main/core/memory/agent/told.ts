import type { Entry } from '#contract/entries'
import type { Store } from '../../ports/store'
import { turnPath } from '../../sessions/turn-path'
import { hasReadUntrusted, saidByPerson } from './taint'

/** What an agent, and those that it was started by, have been told until now. */
export interface Told {
  /** It may have words from outside: what it read itself, or whoever wrote its instruction. */
  readonly hasReadUntrusted: boolean
  /** Whether a person said it themselves. */
  isSaid(text: string): boolean
}

type TreeStore = Pick<Store, 'agents' | 'sessions' | 'runs' | 'journal'>

/** `path`: of the conversation, root to the newest entry of the turn. */
export function toldTo(store: TreeStore, sessionId: string, path: readonly Entry[]): Told {
  const agent = store.agents.get(sessionId)
  const isBegunByAgent = agent !== null && (agent.level !== 'task' || agent.parentRunId !== null)
  if (!isBegunByAgent) return { hasReadUntrusted: hasReadUntrusted(path), isSaid: (text) => saidByPerson(text, path) }
  // Its first message is an agent's.
  const first = path.findIndex(({ payload }) => payload.kind === 'user_message')
  const own = agent.handedOverAt === null ? [] : path.slice(first + 1)
  const parentId = agent.parentSessionId
  const above = parentId !== null && store.sessions.conditions(parentId) !== null ? toldTo(store, parentId, turnPath(store, parentId)) : null
  return { hasReadUntrusted: above === null || above.hasReadUntrusted || hasReadUntrusted(path), isSaid: (text) => (above?.isSaid(text) ?? false) || saidByPerson(text, own) }
}
