import type { Services } from '../../lib/services'
import { createBoardStore } from './board-store'
import { createRemovals } from './removals'
import type { TasksParts } from './tasks-context'

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
