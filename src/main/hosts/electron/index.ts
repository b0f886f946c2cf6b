import { createRouterClient } from '@orpc/server'
import { app, BrowserWindow, dialog, session, shell } from 'electron'
import { join, normalize } from 'node:path'
import type { DesktopState } from '#contract/desktop'
import { isAppError } from '#core/errors'
import { createFolderPicker } from '../../adapters/electron'
import { newId, systemClock } from '../../adapters/node/system'
import { composeRuntime, type ComposedRuntime } from '../shared/compose-runtime'
import { createInstructions } from '../shared/desktop/instructions'
import { linkIn } from '../shared/desktop/link-argument'
import { prepareProfile } from '../shared/profile'
import { runPendingAction } from '../shared/profile-files'
import { defaultProfilePath } from '../shared/profile-path'
import { newTraceId } from '../shared/trace-id'
import { registerAppScheme, serveApp } from './app-protocol'
import { denyPermissions, guardAllContents } from './guards'
import { openDesktopSecrets } from './secrets'
import { type Desktop, startDesktop } from './desktop'
import { createWindows } from './windows'

const QUIT_GRACE_MS = 5000
const built = (...parts: string[]) => join(import.meta.dirname, '..', ...parts)
const profileFolder = process.env['TRESTLE_PROFILE'] || defaultProfilePath(process.platform, process.env)

app.enableSandbox()
registerAppScheme()
app.setAsDefaultProtocolClient('trestle')
// Chromium's own files beside ours, so that a profile is one folder.
app.setPath('userData', join(profileFolder, 'browser'))

if (app.requestSingleInstanceLock()) app.whenReady().then(start).catch(failToStart)
else app.quit()

async function start(): Promise<void> {
  const profile = await prepareProfile(profileFolder)
  const currentWindow = () => BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0] ?? null
  const instructions = createInstructions()
  const around: { desktop: Desktop | null } = { desktop: null }
  const startNotice = await runPendingAction({ profile, clock: systemClock, newId, appVersion: app.getVersion() })
  const composed = composeRuntime({
    profile, environment: process.env, ownPorts: () => [], openSecrets: () => openDesktopSecrets(profile), startNotice,
    host: {
      kind: 'electron', version: app.getVersion(), platform: process.platform, pickFolder: createFolderPicker({ dialog, currentWindow }),
      revealFile: (path) => shell.showItemInFolder(normalize(path)),
      versions: { electron: process.versions.electron, chromium: process.versions.chrome, node: process.versions.node },
      restart: () => {
        app.relaunch()
        app.quit()
      },
      desktop: { instructions: instructions.follow, state: () => around.desktop?.state() ?? notYet },
    },
  })
  let closesToTray = false
  const windows = createWindows({
    preload: built('preload', 'index.cjs'), router: composed.runtime.router, reportBug: composed.reportBug,
    memoryPath: join(profile, 'windows.json'), instructions, closesToTray: () => closesToTray,
    // The hidden quick prompt does not keep the app alive.
    onLastClosed: () => {
      if (process.platform !== 'darwin') app.quit()
    },
  })
  logCrashes(composed)
  quitInOrder(composed, () => {
    windows.prepareToQuit()
    around.desktop?.stop()
  })
  denyPermissions(session.defaultSession)
  guardAllContents({ openOwn: (hash) => void windows.open(hash) })
  serveApp(built('renderer'))
  await composed.runtime.start()
  const client = createRouterClient(composed.runtime.router, { context: { traceId: newTraceId() } })
  closesToTray = (await client.settings.get({})).desktop.closeToTray
  composed.runtime.onDidChangeSettings(({ desktop }) => { closesToTray = desktop.closeToTray })

  const propose = (link: string | null) => {
    const window = windows.show()
    if (link !== null) instructions.send(String(window.id), { kind: 'propose', link })
  }
  app.on('second-instance', (_event, args) => propose(linkIn(args)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    propose(linkIn([url]))
  })
  app.on('activate', () => windows.show())
  // Windows decide themselves, see onLastClosed.
  app.on('window-all-closed', () => {})
  windows.restore()
  around.desktop = startDesktop({ composed, windows, instructions })
  const link = linkIn(process.argv)
  if (link !== null) propose(link)
  composed.warmUp()
}

const notYet: DesktopState = { tray: false, quickPrompt: { keys: null, state: 'off' }, updates: { state: 'off', version: null } }

function logCrashes({ logger }: ComposedRuntime): void {
  process.on('uncaughtException', (error) => logger.error('host.uncaught', { error }))
  process.on('unhandledRejection', (error) => logger.error('host.unhandled', { error }))
  app.on('render-process-gone', (_event, _contents, details) => logger.error('window.gone', { ...details }))
  app.on('child-process-gone', (_event, details) => logger.error('process.gone', { ...details }))
}

/** The app quits once the runtime has stopped and the store is closed; the runtime keeps to its bound. */
function quitInOrder({ runtime, close, logger }: ComposedRuntime, beforeAll: () => void): void {
  let stopped: Promise<void> | null = null
  const stop = async () => {
    await runtime.stop(QUIT_GRACE_MS)
    await close()
  }
  app.on('before-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    beforeAll()
    stopped = stop().catch((error: unknown) => logger.error('shutdown.failed', { error }))
    void stopped.then(() => app.quit())
  })
}

function failToStart(error: unknown): void {
  dialog.showErrorBox('Trestle could not start', isAppError(error) ? error.message : String(error))
  app.exit(1)
}
