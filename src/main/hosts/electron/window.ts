import { RPCHandler } from '@orpc/server/message-port'
import { BrowserWindow, MessageChannelMain } from 'electron'
import type { AppRouter, CallContext } from '../../runtime/router'
import { openGuard, peerCallOptions } from '../shared/calls'
import type { ReportBug } from '../shared/wire-error'
import { pageOrigin } from './app-protocol'

export interface WindowOptions {
  readonly preload: string
  readonly router: AppRouter
  readonly reportBug: ReportBug
}

/** The window. Each time its page has loaded it gets a new port to the runtime, and the old one is closed. */
export async function openWindow({ preload, router, reportBug }: WindowOptions): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1280,
    height: 840,
    minWidth: 480,
    minHeight: 360,
    show: false,
    title: 'Trestle',
    webPreferences: {
      preload,
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
  window.once('ready-to-show', () => window.show())
  connectOnLoad(window, new RPCHandler<CallContext>(router, peerCallOptions({ guard: openGuard, reportBug })))
  await window.loadURL(`${pageOrigin}/`)
  return window
}

function connectOnLoad(window: BrowserWindow, handler: RPCHandler<CallContext>): void {
  let close = () => {}
  window.webContents.on('dom-ready', () => {
    close()
    const { port1, port2 } = new MessageChannelMain()
    close = () => port1.close()
    handler.upgrade(port1, { context: { traceId: '' } })
    port1.start()
    window.webContents.postMessage('trestle:port', null, [port2])
  })
  window.once('closed', () => close())
}
