import { os } from '../implementer'
import type { Services } from '../services'

export function workspaceHandlers({ workspaces, folderSettings }: Services) {
  return {
    open: os.workspaces.open.handler(({ input, context }) => workspaces.open(input.path, context.traceId)),
    list: os.workspaces.list.handler(async () => ({ items: await workspaces.list() })),
    get: os.workspaces.get.handler(({ input }) => workspaces.get(input.id)),
    trust: os.workspaces.trust.handler(({ input, context }) => workspaces.trust(input.id, input.trusted, context.traceId)),
    remove: os.workspaces.remove.handler(async ({ input }) => {
      await workspaces.remove(input.id)
      return {}
    }),
    grants: os.workspaces.grants.handler(({ input }) => ({ items: workspaces.grants(input.id) })),
    revokeGrant: os.workspaces.revokeGrant.handler(({ input, context }) => {
      workspaces.revokeGrant(input.id, context.traceId)
      return {}
    }),
    bin: os.workspaces.bin.handler(({ input }) => ({ items: workspaces.bin(input.id) })),
    restoreFromBin: os.workspaces.restoreFromBin.handler(({ input }) => workspaces.restoreFromBin(input.id)),
    settings: os.workspaces.settings.handler(({ input }) => folderSettings.look(input.id)),
    browse: os.workspaces.browse.handler(({ input }) => workspaces.browse(input.path)),
  }
}
