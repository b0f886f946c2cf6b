import { os } from '../implementer'
import type { Services } from '../services'

export function promptHandlers({ events, prompts, attachments }: Pick<Services, 'events' | 'prompts' | 'attachments'>) {
  return {
    list: os.prompts.list.handler(({ input }) => {
      events.settle()
      return prompts.list(input.id)
    }),
    add: os.prompts.add.handler(({ input: { id, text, attachments: ids = [] }, context }) => prompts.add(id, { text, attachments: attachments.pick(id, ids) }, context.traceId)),
    set: os.prompts.set.handler(({ input: { id, ...policy }, context }) => prompts.set(id, policy, context.traceId)),
    start: os.prompts.start.handler(({ input, context }) => prompts.start(input.id, context.traceId)),
    stop: os.prompts.stop.handler(({ input, context }) => prompts.stop(input.id, context.traceId)),
    remove: os.prompts.remove.handler(async ({ input, context }) => {
      await prompts.remove(input.id, input.runId, context.traceId)
      return {}
    }),
    clear: os.prompts.clear.handler(async ({ input, context }) => ({ removed: await prompts.clear(input.id, context.traceId) })),
  }
}
