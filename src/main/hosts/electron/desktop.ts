import { createRouterClient } from '@orpc/server'
import { app, globalShortcut, Menu, type MenuItemConstructorOptions, nativeImage, Notification, powerMonitor, Tray } from 'electron'
import type { DesktopState } from '#contract/desktop'
import type { Settings } from '#contract/settings'
import type { ComposedRuntime } from '../shared/compose-runtime'
import { watchForDesktop } from '../shared/desktop/desktop-watch'
import type { Instructions } from '../shared/desktop/instructions'
import { appMenu, type MenuEntry } from '../shared/desktop/menu-template'
import { createQuickShortcut } from '../shared/desktop/quick-shortcut'
import { type TrayAction, trayMenu, type TrayState, trayTooltip } from '../shared/desktop/tray-template'
import { createUpdates } from '../shared/desktop/updates'
import { newTraceId } from '../shared/trace-id'
import { trayIcon } from './tray-icon'
import type { Windows } from './windows'

const RECENT_SESSIONS = 6

export interface Desktop {
  state(): DesktopState
  stop(): void
}

/** Everything around the windows: tray, menu, global shortcut, notifications, power, updates. Each follows the settings. */
export function startDesktop({ composed, windows, instructions }: { readonly composed: ComposedRuntime; readonly windows: Windows; readonly instructions: Instructions }): Desktop {
  const { runtime, clock, logger } = composed
  const client = createRouterClient(runtime.router, { context: { traceId: newTraceId() } })
  const tray = new Tray(nativeImage.createFromDataURL(trayIcon))
  const quick = createQuickShortcut(globalShortcut, windows.toggleQuickPrompt)
  const updates = createUpdates({ load: async () => (await import('electron-updater')).default.autoUpdater, after: clock.after, logger })

  const act = (action: TrayAction): void => {
    switch (action.do) {
      case 'quick-prompt': return windows.toggleQuickPrompt()
      case 'open': return void windows.show()
      case 'open-session': return windows.showSession(action.sessionId)
      case 'pause': return void client.work.pause({})
      case 'resume': return void client.work.resume({})
      case 'lock-down': return void client.work.lockDown({})
      case 'lift': return void client.work.lift({})
      case 'quit': return app.quit()
    }
  }
  const showTray = (state: TrayState): void => {
    tray.setToolTip(trayTooltip(state))
    tray.setContextMenu(Menu.buildFromTemplate(trayMenu(state).map((entry): MenuItemConstructorOptions => {
      switch (entry.kind) {
        case 'line': return { type: 'separator' }
        case 'text': return { label: entry.label, enabled: false }
        case 'action': return { label: entry.label, click: () => act(entry.action) }
      }
    })))
    app.setBadgeCount(state.needsYou)
  }
  const showMenu = (settings: Settings): void => {
    const menus = appMenu({ shortcuts: settings.shortcuts, isMac: process.platform === 'darwin' })
    Menu.setApplicationMenu(Menu.buildFromTemplate(menus.map(({ label, entries }) => ({ label, submenu: entries.map((entry) => menuItem(entry, windows, instructions)) }))))
  }
  const follow = (settings: Settings): void => {
    showMenu(settings)
    quick.use(settings.desktop.quickPromptKeys)
    void updates.follow(app.isPackaged ? settings.desktop.updateFeed : null)
  }
  tray.on('click', () => windows.show())
  const stopWatching = watchForDesktop({
    events: runtime.events, isWatched: windows.isWatched, after: clock.after, onState: showTray,
    readState: async () => {
      const [work, open, sessions] = await Promise.all([client.work.get({}), client.humanRequests.list({ status: 'open', limit: 100 }), client.sessions.list({ archived: false, limit: RECENT_SESSIONS })])
      return { work, needsYou: open.items.length, recent: sessions.items }
    },
    onNotification: ({ title, body, sessionId }) => {
      if (!Notification.isSupported()) return
      const shown = new Notification({ title, body, silent: false })
      shown.on('click', () => (sessionId === null ? void windows.show() : windows.showSession(sessionId)))
      shown.show()
    },
  })
  powerMonitor.on('suspend', () => runtime.onSleep())
  powerMonitor.on('resume', () => void runtime.onWake().catch((error: unknown) => logger.warn('wake.failed', { error })))
  const stopSettings = runtime.onDidChangeSettings(follow)
  void client.settings.get({}).then(follow)
  return {
    state: () => ({ tray: true, quickPrompt: quick.state(), updates: updates.state() }),
    stop: () => {
      stopSettings()
      stopWatching()
      updates.stop()
      globalShortcut.unregisterAll()
      tray.destroy()
    },
  }
}

function menuItem(entry: MenuEntry, windows: Windows, instructions: Instructions): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'line': return { type: 'separator' }
    case 'role': return { role: entry.role }
    case 'command': {
      const shown = entry.accelerator === null ? {} : { accelerator: entry.accelerator, registerAccelerator: false }
      return { label: entry.label, ...shown, click: () => instructions.send(String(windows.show().id), { kind: 'command', id: entry.id }) }
    }
  }
}
