import { notFound } from '#core/errors'
import { getSession } from '#core/sessions/publish'
import { doForAll } from '#core/tasks/bulk'
import { getTask } from '#core/tasks/change-task'
import type { Origin } from '#core/tasks/task-service'
import { type CallContext, os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function taskHandlers({ store, clock }: Pick<RuntimePorts, 'store' | 'clock'>, { events, tasks: { service, actions } }: Services) {
  /** What is told is on disk. */
  const settled = () => {
    events.settle()
    return service
  }
  return {
    create: os.tasks.create.handler(({ input: { sessionId, ...input }, context }) => {
      const { source, traceId } = originOf(context)
      return service.create(input, { source: { ...source, sessionId: sessionId === undefined ? null : getSession(store, sessionId).id }, traceId })
    }),
    list: os.tasks.list.handler(({ input }) => pageOf(settled().list(input))),
    get: os.tasks.get.handler(({ input }) => settled().get(input.id)),
    patch: os.tasks.patch.handler(({ input: { id, revision, ...patch }, context }) => service.patch(id, patch, revision, originOf(context))),
    remove: os.tasks.remove.handler(async ({ input, context }) => {
      await service.remove(input.id, originOf(context))
      return {}
    }),
    move: os.tasks.move.handler(({ input: { id, to, afterId }, context }) => service.move(id, to, afterId, originOf(context))),
    bulk: os.tasks.bulk.handler(async ({ input, context }) => ({ items: await doForAll({ service, actions }, input.ids, input.do, originOf(context)) })),
    run: os.tasks.run.handler(({ input, context }) => actions.run(input.id, originOf(context))),
    cancel: os.tasks.cancel.handler(({ input, context }) => actions.cancel(input.id, originOf(context))),
    retry: os.tasks.retry.handler(({ input, context }) => actions.retry(input.id, originOf(context))),
    requeue: os.tasks.requeue.handler(({ input, context }) => actions.requeue(input.id, originOf(context))),
    review: os.tasks.review.handler(({ input: { id, accept, message }, context }) => actions.review(id, accept, message, originOf(context))),
    runs: os.tasks.runs.handler(({ input: { id, ...query } }) => {
      settled()
      const { items, nextCursor } = store.taskRuns.list(getTask(store, id).id, query)
      return { items: items.map(({ workedMs: _workedMs, ...run }) => run), nextCursor }
    }),
    history: os.tasks.history.handler(({ input: { id, ...query } }) => pageOf(settled().history(id, query))),
    comments: os.tasks.comments.handler(({ input }) => ({ items: store.taskNotes.comments(getTask(store, input.id).id) })),
    comment: os.tasks.comment.handler(({ input: { id, text }, context }) => actions.comment(id, text, originOf(context))),
    views: os.tasks.views.handler(() => ({ items: store.taskNotes.views() })),
    saveView: os.tasks.saveView.handler(({ input }) => {
      store.transaction(() => store.taskNotes.saveView(input, clock.now()))
      return input
    }),
    removeView: os.tasks.removeView.handler(({ input }) => {
      if (!store.transaction(() => store.taskNotes.removeView(input.id))) throw notFound('View', input.id)
      return {}
    }),
  }
}

function pageOf<T>({ items, nextCursor }: { readonly items: readonly T[]; readonly nextCursor: string | null }) {
  return { items: [...items], nextCursor }
}

function originOf({ traceId, by }: CallContext): Origin {
  return { source: { by: by ?? 'person', sessionId: null, runId: null }, traceId }
}
