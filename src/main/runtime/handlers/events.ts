import { os } from '../implementer'
import type { Services } from '../services'

export function eventHandlers({ events }: Services) {
  return {
    subscribe: os.events.subscribe.handler(({ input, signal }) => events.subscribe(input, signal ?? new AbortController().signal)),
  }
}
