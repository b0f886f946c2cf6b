import type { AgentTree } from '#contract/agents'
import type { EventEnvelope } from '#contract/events'
import type { Run, Step } from '#contract/runs'
import type { QueryParts } from './query-parts'

/** Keeps the trees of agents that are shown as the events tell; who is new, or asks, is asked for. */
export function followAgents({ queryClient, orpc }: QueryParts, event: EventEnvelope): void {
  const treeKey = orpc.agents.tree.key()
  const trees = queryClient.getQueriesData<AgentTree>({ queryKey: treeKey })
  for (const [queryKey, tree] of trees) {
    if (tree === undefined) continue
    const has = (runId: string | null | undefined): boolean => tree.items.some((node) => node.runId !== null && node.runId === runId)
    switch (event.topic) {
      case 'run.update':
        if (has(event.payload.run.id)) queryClient.setQueryData(queryKey, withRun(tree, event.payload.run))
        else if (tree.items.some(({ sessionId }) => sessionId === event.payload.run.sessionId)) void queryClient.invalidateQueries({ queryKey, exact: true })
        break
      case 'step.update':
        if (has(event.payload.step.runId)) queryClient.setQueryData(queryKey, withStep(tree, event.payload.step))
        break
      case 'session.update':
        if (has(event.payload.session.agent?.parentRunId) && !isKnown(tree, event.payload.session)) void queryClient.invalidateQueries({ queryKey, exact: true })
        break
      case 'task.update':
        if (has(event.payload.task.source.runId)) void queryClient.invalidateQueries({ queryKey, exact: true })
        break
      case 'human.request':
        if (has(event.payload.request.runId)) void queryClient.invalidateQueries({ queryKey, exact: true })
        break
      default:
    }
  }
}

function isKnown(tree: AgentTree, { id, agent }: { readonly id: string; readonly agent?: { readonly handedOverAt: number | null } | undefined }): boolean {
  return tree.items.some((node) => node.sessionId === id && node.handedOver === (agent?.handedOverAt !== null))
}

export function withRun(tree: AgentTree, run: Run): AgentTree {
  return {
    items: tree.items.map((node) => (node.runId === run.id
      ? { ...node, state: run.state, steps: run.steps, usage: run.usage, costUsd: run.costUsd, startedAt: run.startedAt, endedAt: run.endedAt, ...(run.error && { reason: run.error.message }), ...(run.endedAt !== null && { step: null }) }
      : node)),
  }
}

export function withStep(tree: AgentTree, step: Step): AgentTree {
  const shown = step.endedAt === null ? { kind: step.kind, name: step.name, startedAt: step.startedAt } : null
  return { items: tree.items.map((node) => (node.runId === step.runId ? { ...node, step: shown, steps: Math.max(node.steps, step.number) } : node)) }
}
