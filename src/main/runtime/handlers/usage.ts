import { os } from '../implementer'
import type { Services } from '../services'

export function usageHandlers({ events, usage }: Services) {
  return {
    get: os.usage.get.handler(({ input }) => {
      events.settle()
      return usage.report(input)
    }),
  }
}
