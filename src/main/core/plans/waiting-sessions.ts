import type { Store } from '../ports/store'

/** The conversations at the top of the agents that wait for the tasks of an approved plan. */
export function sessionsThatWait({ plans, agents }: Pick<Store, 'plans' | 'agents'>): ReadonlySet<string> {
  return new Set(plans.inState('approved').map(({ sessionId }) => {
    let root = sessionId
    for (let agent = agents.get(root); agent && agent.level !== 'task' && agent.parentSessionId !== null; agent = agents.get(root)) root = agent.parentSessionId
    return root
  }))
}
