import type { Store } from '../ports/store'

/** The conversations at the top of the agents that wait for the tasks of an approved plan, or of a workflow. */
export function sessionsThatWait({ plans, workflows, agents }: Pick<Store, 'plans' | 'workflows' | 'agents'>): ReadonlySet<string> {
  const ofWorkflows = workflows.openRuns().flatMap(({ source, callKey }) => (callKey !== null && source.sessionId !== null ? [source.sessionId] : []))
  return new Set([...plans.inState('approved').map(({ sessionId }) => sessionId), ...ofWorkflows].map((sessionId) => {
    let root = sessionId
    for (let agent = agents.get(root); agent && agent.level !== 'task' && agent.parentSessionId !== null; agent = agents.get(root)) root = agent.parentSessionId
    return root
  }))
}
