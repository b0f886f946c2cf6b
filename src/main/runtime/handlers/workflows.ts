import { type CallContext, os } from '../implementer'
import type { Services } from '../services'

export function workflowHandlers({ events, workflows, plans }: Services) {
  /** What is told is on disk. */
  const settled = () => {
    events.settle()
    return workflows
  }
  return {
    list: os.workflows.list.handler(() => ({ items: settled().list() })),
    create: os.workflows.create.handler(({ input, context }) => workflows.create(input, context.traceId)),
    check: os.workflows.check.handler(({ input }) => ({ problems: workflows.problems(input.workflow) })),
    get: os.workflows.get.handler(({ input }) => settled().get(input.id)),
    put: os.workflows.put.handler(({ input: { id, revision, ...body }, context }) => workflows.put(id, body, revision, context.traceId)),
    remove: os.workflows.remove.handler(({ input, context }) => {
      workflows.remove(input.id, context.traceId)
      return {}
    }),
    restore: os.workflows.restore.handler(({ input, context }) => workflows.restore(input.id, context.traceId)),
    fromPlan: os.workflows.fromPlan.handler(({ input, context }) => workflows.fromPlan(plans.get(input.id), context.traceId)),
    start: os.workflows.start.handler(({ input: { id, ...input }, context }) => workflows.start(id, input, { source: { by: byOf(context), sessionId: null, runId: null }, callKey: null, traceId: context.traceId })),
    runs: os.workflows.runs.handler(({ input }) => settled().runs(input)),
    run: os.workflows.run.handler(({ input }) => settled().run(input.id)),
    cancel: os.workflows.cancel.handler(({ input, context }) => workflows.cancel(input.id, context.traceId)),
  }
}

function byOf({ by }: CallContext): 'script' | 'person' {
  return by ?? 'person'
}
