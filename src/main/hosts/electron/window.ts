import { RPCHandler } from '@orpc/server/message-port'
import { BrowserWindow, type BrowserWindowConstructorOptions, MessageChannelMain } from 'electron'
import type { AppRouter, CallContext } from '../../runtime/router'
import { openGuard, peerCallOptions } from '../shared/calls'
import type { ReportBug } from '../shared/wire-error'

export interface WindowOptions {
  readonly preload: string
  readonly router: AppRouter
  readonly reportBug: ReportBug
}

/** A window with the page of Trestle. Each time the page has loaded it gets a new port to the runtime, and the old one is closed. */
export function createWindow(options: WindowOptions, own: BrowserWindowConstructorOptions): BrowserWindow {
  const window = new BrowserWindow({
    minWidth: 480,
    minHeight: 360,
    show: false,
    title: 'Trestle',
    ...own,
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: true,
    },
  })
  connectOnLoad(window, new RPCHandler<CallContext>(options.router, peerCallOptions({ guard: openGuard, reportBug: options.reportBug })))
  return window
}

function connectOnLoad(window: BrowserWindow, handler: RPCHandler<CallContext>): void {
  let close = () => {}
  const windowId = String(window.id)
  window.webContents.on('dom-ready', () => {
    close()
    const { port1, port2 } = new MessageChannelMain()
    close = () => port1.close()
    handler.upgrade(port1, { context: { traceId: '', windowId } })
    port1.start()
    window.webContents.postMessage('trestle:port', null, [port2])
  })
  window.once('closed', () => close())
}
