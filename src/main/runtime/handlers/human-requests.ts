import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function humanRequestHandlers({ store }: Pick<RuntimePorts, 'store'>, { answers }: Services) {
  return {
    list: os.humanRequests.list.handler(({ input }) => {
      const { items, nextCursor } = store.requests.list(input)
      return { items: [...items], nextCursor }
    }),
    answer: os.humanRequests.answer.handler(({ input: { id, ...answer }, context }) => answers.answer(id, answer, context.traceId)),
  }
}
