import type { Diagnostics } from '#contract/system'
import { AppError } from '#core/errors'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function systemHandlers(ports: Pick<RuntimePorts, 'host' | 'secrets' | 'store' | 'clock' | 'recentErrors' | 'sandbox'>, services: Services) {
  const { host, secrets, store } = ports
  const startedAt = ports.clock.now()
  return {
    info: os.system.info.handler(() => ({
      version: host.version, host: host.kind, platform: host.platform, folderPicker: host.pickFolder !== null, restart: host.restart !== undefined,
      secrets: secrets.kind, notices: store.notices.list(),
    })),
    dismissNotice: os.system.dismissNotice.handler(({ input }) => {
      store.transaction(() => { store.notices.remove(input.id) })
      return {}
    }),
    diagnostics: os.system.diagnostics.handler(() => diagnose(ports, services, startedAt)),
    restart: os.system.restart.handler(() => {
      if (!host.restart) throw new AppError('CONFLICT', 'This host cannot start itself anew. Stop it and start it again.')
      host.restart()
      return {}
    }),
    pickFolder: os.system.pickFolder.handler(async () => {
      if (!host.pickFolder) throw new AppError('CONFLICT', 'This host has no folder picker. Give the path of a folder instead.')
      return { path: await host.pickFolder() }
    }),
  }
}

async function diagnose({ host, secrets, store, sandbox, recentErrors }: Parameters<typeof systemHandlers>[0], services: Services, startedAt: number): Promise<Diagnostics> {
  const workspaces = await services.workspaces.list()
  const gone = workspaces.filter(({ available }) => !available).length
  const models = (await services.models.list()).filter(({ available }) => available).length
  const work = services.work.current()
  const notices = store.notices.list()
  const problem = services.settings.file().problem
  return {
    version: host.version, host: host.kind, platform: host.platform, versions: { ...host.versions }, startedAt,
    checks: [
      { name: 'Settings file', ok: problem === null, note: problem === null ? 'It counts.' : `It has an error on line ${problem.line}; the last good version counts.` },
      { name: 'Keys', ok: secrets.kind === 'keychain', note: secrets.kind === 'keychain' ? 'They are in the keychain of the system.' : 'There is no keychain: they are kept until Trestle stops.' },
      { name: 'Models', ok: models > 0, note: models === 0 ? 'None can be used.' : `${models} can be used.` },
      { name: 'Folders', ok: gone === 0, note: gone === 0 ? 'All can be reached.' : `${gone} cannot be reached.` },
      { name: 'Sandbox', ok: sandbox.status().state === 'on', note: sandbox.status().why === null ? 'Commands are confined.' : `Commands are not confined, so each one asks. ${sandbox.status().why}` },
      { name: 'Notices', ok: notices.every(({ level }) => level === 'info'), note: notices.length === 0 ? 'None.' : `${notices.length} are shown in the window.` },
    ],
    counts: { workspaces: workspaces.length, running: work.running, waiting: work.waiting, queued: work.queued, held: work.held },
    recentErrors: [...recentErrors()],
  }
}
