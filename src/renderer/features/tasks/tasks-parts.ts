import type { Services } from '../../lib/services'
import { type BoardStore, createBoardStore } from './board-store'
import { createRemovals, type Removals } from './removals'

export interface TasksParts {
  readonly board: BoardStore
  readonly removals: Removals
}

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
