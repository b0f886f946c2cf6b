import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Terminal } from '#contract/terminals'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { classNames } from '../../lib/class-names'
import { errorBodyOf } from '../../lib/error-message'
import { useServices, useStore } from '../../lib/services'
import type { TerminalScreen } from './open-screen'

const retryMs = 700

/** One terminal; it stays in the page while another one is shown, so that nothing is drawn twice. */
export function TerminalView({ terminal, isShown, isScreenReader, onEnded }: {
  readonly terminal: Terminal
  readonly isShown: boolean
  readonly isScreenReader: boolean
  readonly onEnded: () => void
}) {
  const { client, connection, shortcuts, toasts } = useServices()
  const isConnected = useStore(connection.state) === 'open'
  const host = useRef<HTMLDivElement>(null)
  const [screen, setScreen] = useState<TerminalScreen | null>(null)
  const [error, setError] = useState<unknown>(null)
  const { id, title } = terminal
  const ended = useEffectEvent(onEnded)
  const start = useEffectEvent(async (element: HTMLElement, signal: AbortSignal) => {
    const { openScreen } = await import('./open-screen')
    if (signal.aborted) return null
    const quietly = (call: Promise<unknown>): void => void call.catch(() => undefined)
    return openScreen(element, title, isScreenReader, {
      onInput: createSender((data) => client.terminals.input({ id, data }), () => toasts.error('What you typed did not reach the terminal.')),
      onSize: (columns, rows) => quietly(client.terminals.resize({ id, columns: Math.max(2, columns), rows: Math.max(1, rows) })),
      onSeen: (offset) => quietly(client.terminals.seen({ id, offset })),
      onLink: (url) => window.open(url, '_blank', 'noopener,noreferrer'),
      takesKey: (event) => shortcuts.takes(event) && (event.key === '`' || event.key === '~' || event.key === 'F6'),
    })
  })
  useEffect(() => {
    if (host.current === null) return
    const stop = new AbortController()
    let opened: TerminalScreen | null = null
    start(host.current, stop.signal).then((made) => {
      opened = made
      setScreen(made)
    }, setError)
    return () => {
      stop.abort()
      opened?.dispose()
    }
  }, [id])
  useEffect(() => {
    if (screen === null || !isConnected) return
    const stop = new AbortController()
    const follow = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        try {
          for await (const message of await client.terminals.output({ id }, { signal: stop.signal })) {
            screen.show(message)
            if (message.kind === 'ended') return ended()
          }
        } catch (failure) {
          // It was closed, here or in another window.
          if (errorBodyOf(failure)?.code === 'RESOURCE_NOT_FOUND') return ended()
        }
        await new Promise((resolve) => setTimeout(resolve, retryMs))
      }
    }
    void follow()
    return () => stop.abort()
  }, [screen, client, id, isConnected])
  useEffect(() => {
    if (isShown) screen?.focus()
  }, [screen, isShown])
  useEffect(() => screen?.setScreenReader(isScreenReader), [screen, isScreenReader])
  return (
    <div className={classNames('h-full min-h-0', !isShown && 'hidden')}>
      {error !== null && <ErrorNote error={error} className="m-2" />}
      {screen === null && error === null && <Skeleton rows={3} label="Opening the terminal" className="p-3" />}
      <div ref={host} data-terminal className="h-full px-2 pt-1" />
    </div>
  )
}

/** One call at a time, so that keys arrive in order; what is typed meanwhile goes with the next. */
function createSender(send: (data: string) => Promise<unknown>, onLost: () => void): (data: string) => void {
  const most = 100_000
  let waiting = ''
  let sending = false
  const flush = async (): Promise<void> => {
    sending = true
    try {
      while (waiting !== '') {
        const data = waiting.slice(0, most)
        waiting = waiting.slice(most)
        await send(data)
      }
    } catch {
      waiting = ''
      onLost()
    } finally {
      sending = false
    }
  }
  return (data) => {
    waiting += data
    if (!sending) void flush()
  }
}
