import { AppError } from '#core/errors'
import { os } from '../implementer'
import type { RuntimePorts } from '../services'

export function systemHandlers({ host, secrets, store }: Pick<RuntimePorts, 'host' | 'secrets' | 'store'>) {
  return {
    info: os.system.info.handler(() => ({
      version: host.version, host: host.kind, platform: host.platform, folderPicker: host.pickFolder !== null,
      secrets: secrets.kind, notices: store.notices.list(),
    })),
    dismissNotice: os.system.dismissNotice.handler(({ input }) => {
      store.transaction(() => { store.notices.remove(input.id) })
      return {}
    }),
    pickFolder: os.system.pickFolder.handler(async () => {
      if (!host.pickFolder) throw new AppError('CONFLICT', 'This host has no folder picker. Give the path of a folder instead.')
      return { path: await host.pickFolder() }
    }),
  }
}
