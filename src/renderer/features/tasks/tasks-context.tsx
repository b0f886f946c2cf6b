import { createContext, type ReactNode, use, useContext } from 'react'
import { useServices, useStore } from '../../lib/services'
import type { Services } from '../../lib/services'
import type { BoardState } from './board-store'
import type { TasksParts } from './tasks-parts'

/** Loaded with the first view of tasks; from then on it lives as long as the window, so that the board is as it was when one comes back. */
export function createTasksLoader(services: Services): () => Promise<TasksParts> {
  let loading: Promise<TasksParts> | null = null
  const load = async (): Promise<TasksParts> => {
    try {
      return (await import('./tasks-parts')).createTasksParts(services)
    } catch (error) {
      loading = null
      throw error
    }
  }
  return () => (loading ??= load())
}

export const TasksContext = createContext<(() => Promise<TasksParts>) | null>(null)

/** Suspends until they are loaded. */
export function useTasksParts(): TasksParts {
  const load = useContext(TasksContext)
  if (load === null) throw new Error('useTasksParts is used outside of TasksContext')
  return use(load())
}

export function useBoardState<T>(select: (state: BoardState) => T): T {
  return useTasksParts().board(select)
}

/** What belongs to the place where tasks are shown. */
export interface TaskPlace {
  readonly workspaceName: (id: string | null) => string
  readonly onOpen: (id: string | null) => void
  readonly onOpenSession: (sessionId: string) => void
  readonly onOpenSchedule: (scheduleId: string) => void
  readonly onOpenWorkflows: () => void
  readonly onNew: () => void
  /** The agents below a run. */
  readonly renderAgents: (runId: string) => ReactNode
}

export const TaskPlaceContext = createContext<TaskPlace | null>(null)

export function useTaskPlace(): TaskPlace {
  const place = useContext(TaskPlaceContext)
  if (place === null) throw new Error('useTaskPlace is used outside of TaskPlaceContext')
  return place
}

export function useHidden(): ReadonlySet<string> {
  return useStore(useTasksParts().removals.hidden)
}

/** Says it to those who hear the window. */
export function useSay(): (text: string) => void {
  const { announcer } = useServices()
  return announcer.say
}
