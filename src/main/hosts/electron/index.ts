import { app, BrowserWindow, dialog, session, shell } from 'electron'
import { join, normalize } from 'node:path'
import { isAppError } from '#core/errors'
import { createFolderPicker } from '../../adapters/electron'
import { composeRuntime, type ComposedRuntime } from '../shared/compose-runtime'
import { prepareProfile } from '../shared/profile'
import { defaultProfilePath } from '../shared/profile-path'
import { registerAppScheme, serveApp } from './app-protocol'
import { denyPermissions, guardAllContents } from './guards'
import { openDesktopSecrets } from './secrets'
import { openWindow } from './window'

const QUIT_GRACE_MS = 5000
const built = (...parts: string[]) => join(import.meta.dirname, '..', ...parts)
const profileFolder = process.env['TRESTLE_PROFILE'] || defaultProfilePath(process.platform, process.env)

app.enableSandbox()
registerAppScheme()
guardAllContents()
// Chromium's own files beside ours, so that a profile is one folder.
app.setPath('userData', join(profileFolder, 'browser'))

if (app.requestSingleInstanceLock()) app.whenReady().then(start).catch(failToStart)
else app.quit()

async function start(): Promise<void> {
  const profile = await prepareProfile(profileFolder)
  const currentWindow = () => BrowserWindow.getAllWindows()[0] ?? null
  const composed = composeRuntime({
    profile, environment: process.env, ownPorts: () => [], openSecrets: () => openDesktopSecrets(profile),
    host: {
      kind: 'electron', version: app.getVersion(), platform: process.platform, pickFolder: createFolderPicker({ dialog, currentWindow }),
      revealFile: (path) => shell.showItemInFolder(normalize(path)),
    },
  })
  logCrashes(composed)
  quitInOrder(composed)
  denyPermissions(session.defaultSession)
  serveApp(built('renderer'))
  await composed.runtime.start()

  const open = () => openWindow({ preload: built('preload', 'index.cjs'), router: composed.runtime.router, reportBug: composed.reportBug })
  app.on('second-instance', () => focus(currentWindow()))
  app.on('activate', () => {
    if (currentWindow() === null) void open()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  await open()
  composed.warmUp()
}

function focus(window: BrowserWindow | null): void {
  if (window?.isMinimized()) window.restore()
  window?.focus()
}

function logCrashes({ logger }: ComposedRuntime): void {
  process.on('uncaughtException', (error) => logger.error('host.uncaught', { error }))
  process.on('unhandledRejection', (error) => logger.error('host.unhandled', { error }))
  app.on('render-process-gone', (_event, _contents, details) => logger.error('window.gone', { ...details }))
  app.on('child-process-gone', (_event, details) => logger.error('process.gone', { ...details }))
}

/** The app quits once the runtime has stopped and the store is closed; the runtime keeps to its bound. */
function quitInOrder({ runtime, close, logger }: ComposedRuntime): void {
  let stopped: Promise<void> | null = null
  const stop = async () => {
    await runtime.stop(QUIT_GRACE_MS)
    await close()
  }
  app.on('before-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    stopped = stop().catch((error: unknown) => logger.error('shutdown.failed', { error }))
    void stopped.then(() => app.quit())
  })
}

function failToStart(error: unknown): void {
  dialog.showErrorBox('Trestle could not start', isAppError(error) ? error.message : String(error))
  app.exit(1)
}
