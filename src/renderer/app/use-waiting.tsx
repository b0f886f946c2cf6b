import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import { Skeleton } from '../components/feedback'
import { useServices } from '../lib/services'
import { useWaitingTasks } from './tasks/use-waiting-tasks'
import { useUiStore } from './ui-context'

const HeldTools = lazy(async () => ({ default: (await import('../features/requests/held-tools')).HeldTools }))

/** What needs a person beside approvals and questions: tools of servers that are held, and tasks. */
export function useWaiting(): { readonly count: number; readonly render: (close: () => void) => ReactNode } {
  const { orpc } = useServices()
  const ui = useUiStore()
  const tasks = useWaitingTasks()
  const held = useQuery(orpc.mcp.held.queryOptions({ input: {} })).data
  return useMemo(() => {
    const total = held?.total ?? 0
    return {
      count: tasks.count + total,
      render: (close) => (
        <div className="flex flex-col gap-3">
          {held !== undefined && total > 0 && (
            <Suspense fallback={<Skeleton rows={3} label="Loading the tools" />}>
              <HeldTools
                items={held.items} total={total}
                onOpenSettings={() => {
                  close()
                  ui.getState().setDialog({ kind: 'settings', section: 'mcp' })
                }}
              />
            </Suspense>
          )}
          {tasks.count > 0 && tasks.render(close)}
        </div>
      ),
    }
  }, [tasks, held, ui])
}
