import type { ErrorBody } from '#contract/errors'
import type { BulkAction } from '#contract/tasks'
import { errorBody, isAppError } from '../errors'
import type { TaskActions } from './task-actions'
import type { Origin, TaskService } from './task-service'

export interface BulkOutcome {
  readonly id: string
  readonly error: ErrorBody | null
}

/** Each for itself, in the given order: what one of them comes to changes nothing for the others. */
export async function doForAll(
  { service, actions }: { readonly service: TaskService; readonly actions: TaskActions }, ids: readonly string[], action: BulkAction, origin: Origin,
): Promise<BulkOutcome[]> {
  const outcomes: BulkOutcome[] = []
  for (const id of new Set(ids)) {
    try {
      await doOne(service, actions, id, action, origin)
      outcomes.push({ id, error: null })
    } catch (error) {
      if (!isAppError(error)) throw error
      outcomes.push({ id, error: errorBody(error) })
    }
  }
  return outcomes
}

async function doOne(service: TaskService, actions: TaskActions, id: string, action: BulkAction, origin: Origin): Promise<void> {
  switch (action.action) {
    case 'move':
      await (action.to === 'cancelled' ? actions.cancel(id, origin) : service.move(id, action.to, undefined, origin))
      return
    case 'priority':
      service.patch(id, { priority: action.priority }, undefined, origin)
      return
    case 'tag': {
      const removed = new Set(action.remove)
      const { tags } = service.get(id)
      service.patch(id, { tags: [...new Set([...tags.filter((tag) => !removed.has(tag)), ...action.add])].slice(0, 20) }, undefined, origin)
      return
    }
    case 'retry':
      await actions.retry(id, origin)
      return
    case 'remove':
      await service.remove(id, origin)
  }
}
