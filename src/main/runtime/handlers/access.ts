import { os } from '../implementer'
import type { Services } from '../services'

export function accessHandlers({ access }: Services) {
  return {
    list: os.access.list.handler(() => ({ items: [...access.list()] })),
    create: os.access.create.handler(({ input }) => access.create(input)),
    revoke: os.access.revoke.handler(({ input }) => {
      access.revoke(input.id)
      return {}
    }),
  }
}
