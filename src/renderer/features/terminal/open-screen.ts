import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal as Screen } from '@xterm/xterm'
import type { TerminalMessage } from '#contract/terminals'
import { linksIn, openableLink } from './terminal-link'
import { terminalTheme } from './terminal-theme'
import { codeSize } from '../../lib/code-size'

export interface ScreenEvents {
  readonly onInput: (data: string) => void
  readonly onSize: (columns: number, rows: number) => void
  /** Output up to here has been drawn. */
  readonly onSeen: (offset: number) => void
  /** An address was pressed. */
  readonly onLink: (url: string) => void
  /** Whether the window takes this key instead of the program. */
  readonly takesKey: (event: KeyboardEvent) => boolean
}

export interface TerminalScreen {
  show(message: TerminalMessage): void
  focus(): void
  clear(): void
  setScreenReader(on: boolean): void
  dispose(): void
}

const scrollback = 5_000
/** Told in steps, so that a flood does not make a call for each piece. */
const seenEvery = 50_000

/** A terminal's screen in an element. Nothing that a program prints reaches more than the screen. */
export function openScreen(host: HTMLElement, label: string, isScreenReader: boolean, events: ScreenEvents): TerminalScreen {
  const root = document.documentElement
  const screen = new Screen({
    scrollback, fontSize: codeSize(root) - 0.5, fontFamily: getComputedStyle(root).getPropertyValue('--font-mono') || 'monospace', theme: terminalTheme(root),
    screenReaderMode: isScreenReader, minimumContrastRatio: 4.5, macOptionIsMeta: true, allowProposedApi: false, windowOptions: {},
    linkHandler: { allowNonHttpProtocols: false, activate: (_event, text) => openLink(text) },
  })
  const openLink = (text: string): void => {
    const url = openableLink(text)
    if (url !== null) events.onLink(url)
  }
  const fit = new FitAddon()
  screen.loadAddon(fit)
  // Clipboard, notifications, colours of the window, files: programs get none of these (OSC 52, 9, 777, 1337, 4, 10 to 12).
  for (const code of [4, 9, 10, 11, 12, 52, 104, 110, 111, 112, 777, 1337]) screen.parser.registerOscHandler(code, () => true)
  screen.registerLinkProvider({
    provideLinks: (row, callback) => {
      const line = screen.buffer.active.getLine(row - 1)?.translateToString(true) ?? ''
      callback(linksIn(line).map(({ start, end, url }) => ({ text: url, range: { start: { x: start + 1, y: row }, end: { x: end, y: row } }, activate: () => openLink(url) })))
    },
  })
  screen.attachCustomKeyEventHandler((event) => !events.takesKey(event))
  screen.open(host)
  screen.textarea?.setAttribute('aria-label', label)
  let replayUntil = 0
  let shown = 0
  let told = 0
  let disposed = false
  // What was printed before may ask the terminal things; it was answered then.
  screen.onData((data) => { if (shown >= replayUntil) events.onInput(data) })
  screen.onResize(({ cols, rows }) => events.onSize(cols, rows))
  const size = (): void => { if (host.clientWidth > 0 && host.clientHeight > 0) fit.fit() }
  const sizes = new ResizeObserver(size)
  sizes.observe(host)
  const themes = new MutationObserver(() => { screen.options.theme = terminalTheme(root) })
  themes.observe(root, { attributeFilter: ['data-theme'] })
  size()
  events.onSize(screen.cols, screen.rows)
  return {
    show: (message) => {
      if (message.kind === 'reset') {
        screen.reset()
        shown = message.offset
        told = message.offset
        replayUntil = message.replayUntil
      } else if (message.kind === 'output') {
        const end = message.offset + message.data.length
        screen.write(message.data, () => {
          shown = end
          if (disposed || (end - told < seenEvery && end > replayUntil + seenEvery)) return
          told = end
          events.onSeen(end)
        })
      } else screen.write(`\r\n\x1b[2m[${message.exitCode === null ? 'Ended' : `Ended with ${message.exitCode}`}]\x1b[0m\r\n`)
    },
    focus: () => screen.focus(),
    clear: () => screen.clear(),
    setScreenReader: (on) => { screen.options.screenReaderMode = on },
    dispose: () => {
      disposed = true
      sizes.disconnect()
      themes.disconnect()
      screen.dispose()
    },
  }
}
