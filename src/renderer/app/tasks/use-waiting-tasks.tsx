import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import { Skeleton } from '../../components/feedback'
import { useServices } from '../../lib/services'
import { useUiStore } from '../ui-context'

const WaitingTasks = lazy(async () => ({ default: (await import('../../features/tasks/inbox/waiting-tasks')).WaitingTasks }))

/** Tasks for the list of what needs a person. One whose agent asks something is there with its question. */
export function useWaitingTasks(): { readonly count: number; readonly render: (close: () => void) => ReactNode } {
  const { queries } = useServices()
  const ui = useUiStore()
  const tasks = useQuery(queries.attention()).data
  const requests = useQuery(queries.openRequests()).data?.items
  return useMemo(() => {
    const asking = new Set(requests?.map(({ sessionId, asker }) => asker?.rootSessionId ?? sessionId))
    const waiting = (tasks ?? []).filter(({ sessionId, state }) => state !== 'needs_you' || sessionId === null || !asking.has(sessionId))
    const open = (taskId: string): void => ui.getState().go({ view: 'tasks', taskId })
    return {
      count: waiting.length,
      render: (close) => (
        <Suspense fallback={<Skeleton rows={3} label="Loading the tasks" />}>
          <WaitingTasks
            tasks={waiting}
            onOpen={(id) => {
              close()
              open(id)
            }}
          />
        </Suspense>
      ),
    }
  }, [tasks, requests, ui])
}
