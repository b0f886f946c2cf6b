import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { type Channel, RefusedError } from './connection'

const portGreeting = 'trestle:port'
/** Close codes that mean the token is not (or no longer) accepted. */
const refusingCodes: ReadonlySet<number> = new Set([1008, 4401, 4403])

export function isDesktop(): boolean {
  return window.location.protocol === 'app:' || navigator.userAgent.includes('Electron/')
}

/** Must be called while the page loads: the preload posts the port once, and a new one when the runtime was restarted. */
export function createPortConnector(): () => Promise<Channel> {
  const arrived: MessagePort[] = []
  let waiting: ((port: MessagePort) => void) | null = null
  window.addEventListener('message', (event) => {
    const port = event.ports[0]
    if (event.source !== window || event.data !== portGreeting || port === undefined) return
    if (waiting === null) arrived.push(port)
    else waiting(port)
    waiting = null
  })
  return async () => {
    const port = arrived.shift() ?? (await new Promise<MessagePort>((resolve) => (waiting = resolve)))
    const link = new PortLink({ port })
    const closed = new Promise<void>((resolve) => port.addEventListener('close', () => resolve(), { once: true }))
    port.start()
    return { link, closed, close: () => port.close() }
  }
}

/** Browsers cannot set headers on a WebSocket, so the token travels as a subprotocol. */
export function createSocketConnector(token: string, base: Location): () => Promise<Channel> {
  const url = new URL('/ws', base.href)
  url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:'
  url.hash = ''
  return async () => {
    const socket = new WebSocket(url, ['trestle', `token.${token}`])
    socket.binaryType = 'blob'
    const link = new SocketLink({ websocket: socket })
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve, { once: true }))
    const opened = new Promise<'open'>((resolve) => socket.addEventListener('open', () => resolve('open'), { once: true }))
    const first = await Promise.race([opened, closed])
    if (first !== 'open') {
      if (refusingCodes.has(first.code) || (await isTokenRefused(token))) throw new RefusedError('token refused')
      throw new Error('the server does not answer')
    }
    return { link, closed: closed.then(() => undefined), close: () => socket.close() }
  }
}

/** A failed WebSocket hides its HTTP status from the page; a plain request shows it. */
async function isTokenRefused(token: string): Promise<boolean> {
  try {
    const answer = await fetch('/api/v1/system', { headers: { authorization: `Bearer ${token}` }, cache: 'no-store' })
    return answer.status === 401 || answer.status === 403
  } catch {
    return false
  }
}
