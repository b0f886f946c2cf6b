import { os } from '../implementer'
import type { Services } from '../services'

export function planHandlers({ events, plans }: Services) {
  /** What is told is on disk. */
  const settled = () => {
    events.settle()
    return plans
  }
  return {
    list: os.plans.list.handler(({ input }) => settled().list(input)),
    get: os.plans.get.handler(({ input }) => settled().get(input.id)),
    patch: os.plans.patch.handler(({ input: { id, ...change }, context }) => plans.patch(id, change, context.traceId)),
    approve: os.plans.approve.handler(({ input, context }) => plans.approve(input.id, input.revision, context.traceId)),
    changes: os.plans.changes.handler(({ input, context }) => plans.sendBack(input.id, input.message, context.traceId)),
  }
}
