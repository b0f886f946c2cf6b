import type { Origin } from '#core/tasks/task-service'
import { type CallContext, os } from '../implementer'
import type { Services } from '../services'

export function taskHandlers({ events, tasks }: Services) {
  /** What is told is on disk. */
  const settled = () => {
    events.settle()
    return tasks
  }
  return {
    create: os.tasks.create.handler(({ input, context }) => tasks.create(input, originOf(context))),
    list: os.tasks.list.handler(({ input }) => {
      const { items, nextCursor } = settled().list(input)
      return { items: [...items], nextCursor }
    }),
    get: os.tasks.get.handler(({ input }) => settled().get(input.id)),
    patch: os.tasks.patch.handler(({ input: { id, revision, ...patch }, context }) => tasks.patch(id, patch, revision, originOf(context))),
    remove: os.tasks.remove.handler(async ({ input, context }) => {
      await tasks.remove(input.id, originOf(context))
      return {}
    }),
    move: os.tasks.move.handler(({ input: { id, to, afterId }, context }) => tasks.move(id, to, afterId, originOf(context))),
    history: os.tasks.history.handler(({ input: { id, ...query } }) => {
      const { items, nextCursor } = settled().history(id, query)
      return { items: [...items], nextCursor }
    }),
  }
}

function originOf({ traceId }: CallContext): Origin {
  return { source: { by: 'person', sessionId: null, runId: null }, traceId }
}
