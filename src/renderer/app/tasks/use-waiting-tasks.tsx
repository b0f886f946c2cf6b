import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { WaitingTasks } from '../../features/tasks/inbox/waiting-tasks'
import { useServices } from '../../lib/services'
import { useUiStore } from '../ui-context'

/** Tasks for the list of what needs a person. One whose agent asks something is there with its question. */
export function useWaitingTasks(): { readonly count: number; readonly render: (close: () => void) => ReactNode } {
  const { queries } = useServices()
  const ui = useUiStore()
  const tasks = useQuery(queries.attention()).data
  const requests = useQuery(queries.openRequests()).data?.items
  return useMemo(() => {
    const asking = new Set(requests?.map(({ runId }) => runId))
    const waiting = (tasks ?? []).filter(({ runId, state }) => state !== 'needs_you' || runId === null || !asking.has(runId))
    const open = (taskId: string): void => ui.getState().go({ view: 'tasks', taskId })
    return {
      count: waiting.length,
      render: (close) => (
        <WaitingTasks
          tasks={waiting}
          onOpen={(id) => {
            close()
            open(id)
          }}
        />
      ),
    }
  }, [tasks, requests, ui])
}
