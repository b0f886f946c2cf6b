import { app, BrowserWindow, screen } from 'electron'
import { createWindowMemory, type RememberedWindow, visibleBounds } from '../shared/desktop/window-memory'
import type { Instructions } from '../shared/desktop/instructions'
import { pageOrigin } from './app-protocol'
import { createWindow, type WindowOptions } from './window'

const QUICK_SIZE = { width: 640, height: 480 }
const WORKBENCH_SIZE = { width: 1280, height: 840 }

export interface Windows {
  /** Those of the last time, or one. */
  restore(): void
  /** The window in front, or a new one. */
  show(): BrowserWindow
  /** The window that shows the session; else a window is taken there. */
  showSession(sessionId: string): void
  /** A window of its own for an address of the page. */
  open(hash: string): BrowserWindow
  toggleQuickPrompt(): void
  isWatched(): boolean
  /** Every window may close from now on, and where they are is kept. */
  prepareToQuit(): void
}

/** The windows of the app. The quick prompt is one of them that hides instead of closing, and is not remembered. */
export function createWindows(options: WindowOptions & { readonly memoryPath: string; readonly instructions: Instructions; readonly closesToTray: () => boolean; readonly onLastClosed: () => void }): Windows {
  const memory = createWindowMemory(options.memoryPath)
  const workbenches = new Set<BrowserWindow>()
  let quick: BrowserWindow | null = null
  let quitting = false

  const remember = () => {
    if (!quitting) memory.write([...workbenches].map(rememberedOf))
  }
  const openWorkbench = (remembered: Partial<RememberedWindow>): BrowserWindow => {
    const bounds = remembered.bounds ? visibleBounds(remembered.bounds, screen.getAllDisplays().map(({ workArea }) => workArea)) : null
    const window = createWindow(options, bounds ?? WORKBENCH_SIZE)
    const id = String(window.id)
    workbenches.add(window)
    window.once('ready-to-show', () => {
      if (remembered.maximized === true) window.maximize()
      window.show()
    })
    window.webContents.on('did-navigate-in-page', remember)
    window.on('blur', remember).on('maximize', remember).on('unmaximize', remember)
    window.on('close', (event) => {
      remember()
      if (quitting || workbenches.size > 1 || !options.closesToTray()) return
      event.preventDefault()
      window.hide()
    })
    window.once('closed', () => {
      workbenches.delete(window)
      options.instructions.forget(id)
      if (workbenches.size > 0) remember()
      else if (!quitting) options.onLastClosed()
    })
    void window.loadURL(`${pageOrigin}/${remembered.hash ?? '#/'}`)
    return window
  }
  const show = (): BrowserWindow => {
    const focused = BrowserWindow.getFocusedWindow()
    const window = focused && workbenches.has(focused) ? focused : [...workbenches].at(-1) ?? openWorkbench({})
    bringUp(window)
    return window
  }
  const openQuick = (): BrowserWindow => {
    const window = createWindow(options, { ...QUICK_SIZE, frame: false, alwaysOnTop: true, skipTaskbar: true, fullscreenable: false })
    window.on('close', (event) => {
      if (quitting) return
      event.preventDefault()
      window.hide()
    })
    window.once('ready-to-show', () => bringUp(window))
    void window.loadURL(`${pageOrigin}/quick`)
    return window
  }
  return {
    restore: () => {
      const remembered = memory.read()
      for (const window of remembered.length > 0 ? remembered : [{}]) openWorkbench(window)
    },
    show,
    showSession: (sessionId) => {
      const hash = `#/session/${encodeURIComponent(sessionId)}`
      const window = [...workbenches].find((candidate) => candidate.webContents.getURL().endsWith(hash))
      if (window) return bringUp(window)
      options.instructions.send(String(show().id), { kind: 'go', hash })
    },
    open: (hash) => openWorkbench({ hash }),
    toggleQuickPrompt: () => {
      if (quick === null || quick.isDestroyed()) quick = openQuick()
      else if (quick.isVisible() && quick.isFocused()) quick.hide()
      else bringUp(quick)
    },
    isWatched: () => BrowserWindow.getFocusedWindow() !== null,
    prepareToQuit: () => {
      if (workbenches.size > 0) remember()
      quitting = true
    },
  }
}

function rememberedOf(window: BrowserWindow): RememberedWindow {
  const hash = URL.canParse(window.webContents.getURL()) ? new URL(window.webContents.getURL()).hash : ''
  return { bounds: window.getNormalBounds(), maximized: window.isMaximized(), hash: hash.length <= 300 && hash !== '' ? hash : '#/' }
}

function bringUp(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
  if (process.platform === 'darwin') app.focus({ steal: true })
}
