import { exportLines } from '#core/data/export-lines'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function dataHandlers({ profileFiles, store }: Pick<RuntimePorts, 'profileFiles' | 'store'>, { models, mcp, web, events }: Services) {
  return {
    get: os.data.get.handler(() => profileFiles.look()),
    backUp: os.data.backUp.handler(() => profileFiles.backUp()),
    export: os.data.export.handler(() => {
      events.settle()
      return profileFiles.export(exportLines(store))
    }),
    restore: os.data.restore.handler(async ({ input: { name } }) => {
      await profileFiles.atNextStart({ action: 'restore', backup: name })
      return profileFiles.look()
    }),
    erase: os.data.erase.handler(async ({ context }) => {
      await models.forgetKeys('all', context.traceId)
      await mcp.forgetSecrets()
      await web.removeKey()
      await profileFiles.atNextStart({ action: 'erase' })
      return profileFiles.look()
    }),
    keep: os.data.keep.handler(async () => {
      await profileFiles.atNextStart(null)
      return profileFiles.look()
    }),
  }
}
