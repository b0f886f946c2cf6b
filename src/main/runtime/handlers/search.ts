import { os } from '../implementer'
import type { Services } from '../services'

export function searchHandlers({ events, search }: Services) {
  return {
    sessions: os.search.sessions.handler(({ input }) => {
      events.settle()
      return search.find(input)
    }),
  }
}
