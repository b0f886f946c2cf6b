import { lazy, Suspense } from 'react'
import { RequestCard } from '../features/requests/request-card'
import { useUiStore } from './ui-context'

const AgentTree = lazy(async () => ({ default: (await import('../features/agents/agent-tree')).AgentTree }))

/** The agents below a run, where what they ask can be answered too. */
export function Agents({ runId }: { readonly runId: string }) {
  const { go } = useUiStore().getState()
  return (
    <Suspense>
      <AgentTree
        runId={runId}
        onOpenSession={(sessionId) => go({ view: 'session', sessionId })}
        onOpenTask={(taskId) => go({ view: 'tasks', taskId })}
        renderRequest={(request) => <RequestCard request={request} />}
      />
    </Suspense>
  )
}
