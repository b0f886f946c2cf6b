import { os } from '../implementer'
import type { Services } from '../services'

export function permissionHandlers({ permissions }: Services) {
  return {
    list: os.permissions.list.handler(() => ({ items: permissions.list() })),
    create: os.permissions.create.handler(({ input, context }) => permissions.create(input, context.traceId)),
    replace: os.permissions.replace.handler(({ input: { id, ...rule }, context }) => permissions.replace(id, rule, context.traceId)),
    remove: os.permissions.remove.handler(({ input, context }) => {
      permissions.remove(input.id, context.traceId)
      return {}
    }),
    explain: os.permissions.explain.handler(({ input }) => permissions.explain(input)),
  }
}
