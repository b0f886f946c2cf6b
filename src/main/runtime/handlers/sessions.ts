import { getSession } from '#core/sessions/publish'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function sessionHandlers({ store }: Pick<RuntimePorts, 'store'>, { sessions, runs }: Services) {
  return {
    create: os.sessions.create.handler(({ input, context }) => sessions.create(input, context.traceId)),
    list: os.sessions.list.handler(({ input }) => {
      const { items, nextCursor } = store.sessions.list(input)
      return { items: [...items], nextCursor }
    }),
    get: os.sessions.get.handler(({ input }) => getSession(store, input.id)),
    patch: os.sessions.patch.handler(({ input, context }) => sessions.patch(input, context.traceId)),
    remove: os.sessions.remove.handler(async ({ input, context }) => {
      await sessions.remove(input.id, context.traceId)
      return {}
    }),
    entries: os.sessions.entries.handler(({ input: { id, ...query } }) => {
      const { items, nextCursor } = sessions.entries(id, query)
      return { items: [...items], nextCursor }
    }),
    send: os.sessions.send.handler(({ input: { id, text }, context }) => ({ runId: runs.send(id, text, context.traceId).id })),
    fork: os.sessions.fork.handler(({ input: { id, entryId }, context }) => sessions.fork(id, entryId, context.traceId)),
    discard: os.sessions.discard.handler(({ input: { id, entryIds }, context }) => sessions.discard(id, entryIds, context.traceId)),
    context: os.sessions.context.handler(({ input: { id, entryId } }) => sessions.context(id, entryId)),
  }
}
