import { createContext, useContext } from 'react'
import { useServices, useStore } from '../../lib/services'
import type { Services } from '../../lib/services'
import { type BoardState, type BoardStore, createBoardStore } from './board-store'
import { createRemovals, type Removals } from './removals'

export interface TasksParts {
  readonly board: BoardStore
  readonly removals: Removals
}

/** Lives as long as the window, so that the board is as it was when one comes back to it. */
export function createTasksParts({ memory, client, toasts }: Pick<Services, 'memory' | 'client' | 'toasts'>): TasksParts {
  const removals = createRemovals({
    client, toasts,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
  })
  window.addEventListener('pagehide', () => removals.flush())
  return { board: createBoardStore(memory), removals }
}

export const TasksContext = createContext<TasksParts | null>(null)

export function useTasksParts(): TasksParts {
  const parts = useContext(TasksContext)
  if (parts === null) throw new Error('useTasksParts is used outside of TasksContext')
  return parts
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
  readonly onNew: () => void
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
