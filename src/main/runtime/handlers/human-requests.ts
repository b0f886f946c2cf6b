import { errorBody, isAppError } from '#core/errors'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function humanRequestHandlers({ store }: Pick<RuntimePorts, 'store'>, { answers }: Services) {
  return {
    list: os.humanRequests.list.handler(({ input }) => {
      const { items, nextCursor } = store.requests.list(input)
      return { items: [...items], nextCursor }
    }),
    answerMany: os.humanRequests.answerMany.handler(({ input, context }) => ({
      items: input.answers.map(({ id, ...answer }) => {
        try {
          answers.answer(id, answer, context.traceId)
          return { id, error: null }
        } catch (error) {
          if (!isAppError(error)) throw error
          return { id, error: errorBody(error) }
        }
      }),
    })),
    answer: os.humanRequests.answer.handler(({ input: { id, ...answer }, context }) => answers.answer(id, answer, context.traceId)),
  }
}
