import { getSession } from '#core/sessions/publish'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function sessionHandlers({ store }: Pick<RuntimePorts, 'store'>, { events, sessions, runs, branches }: Services) {
  /** What is told is on disk. */
  const settled = () => {
    events.settle()
    return { store, sessions }
  }
  return {
    create: os.sessions.create.handler(({ input, context }) => sessions.create(input, context.traceId)),
    list: os.sessions.list.handler(({ input }) => {
      const { items, nextCursor } = settled().store.sessions.list(input)
      return { items: [...items], nextCursor }
    }),
    get: os.sessions.get.handler(({ input }) => getSession(settled().store, input.id)),
    patch: os.sessions.patch.handler(({ input, context }) => sessions.patch(input, context.traceId)),
    remove: os.sessions.remove.handler(async ({ input, context }) => {
      await sessions.remove(input.id, context.traceId)
      await branches.sessionRemoved(input.id, context.traceId)
      return {}
    }),
    entries: os.sessions.entries.handler(({ input: { id, ...query } }) => {
      const { items, nextCursor } = settled().sessions.entries(id, query)
      return { items: [...items], nextCursor }
    }),
    send: os.sessions.send.handler(({ input: { id, text }, context }) => ({ runId: runs.send(id, text, context.traceId).id })),
    fork: os.sessions.fork.handler(({ input: { id, entryId }, context }) => sessions.fork(id, entryId, context.traceId)),
    discard: os.sessions.discard.handler(({ input: { id, entryIds }, context }) => sessions.discard(id, entryIds, context.traceId)),
    context: os.sessions.context.handler(({ input: { id, entryId } }) => settled().sessions.context(id, entryId)),
  }
}
