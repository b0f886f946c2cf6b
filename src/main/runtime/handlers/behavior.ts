import type { BehaviorOrigin } from '#core/behavior/behavior-service'
import { type CallContext, os } from '../implementer'
import type { Services } from '../services'

export function behaviorHandlers({ behavior }: Services) {
  return {
    list: os.behavior.list.handler(() => ({ items: behavior.list() })),
    get: os.behavior.get.handler(({ input }) => behavior.get(input)),
    effective: os.behavior.effective.handler(({ input }) => behavior.effective(input.workspaceId ?? null, input.template)),
    adjust: os.behavior.adjust.handler(({ input, context }) => behavior.adjust(input, originOf(context))),
    history: os.behavior.history.handler(({ input: { cursor, limit, ...place } }) => {
      const { items, nextCursor } = behavior.history(place, { cursor, limit })
      return { items: [...items], nextCursor }
    }),
    diff: os.behavior.diff.handler(({ input: { from, to, ...place } }) => behavior.diff(place, from, to)),
    revert: os.behavior.revert.handler(({ input: { version, ...place }, context }) => behavior.revert(place, version, originOf(context))),
  }
}

function originOf({ traceId, by }: CallContext): BehaviorOrigin {
  return { by: by ?? 'person', traceId }
}
