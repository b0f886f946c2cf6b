import { os } from '../implementer'
import type { Services } from '../services'

export function accessHandlers({ access }: Services) {
  return {
    list: os.access.list.handler(() => ({ items: [...access.list()] })),
    create: os.access.create.handler(({ input, context }) => access.create(input, context.traceId)),
    revoke: os.access.revoke.handler(({ input, context }) => {
      access.revoke(input.id, context.traceId)
      return {}
    }),
  }
}
