import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { AppError } from '#core/errors'
import type { Login } from '#core/audit/login-audit'
import type { Clock } from '#core/ports/system'
import type { AppRouter } from '../../../runtime/router'
import type { ReportBug } from '../../shared/wire-error'
import type { Admission } from './admission'
import { bearerToken, subprotocolToken, type Credentials } from './credentials'
import type { EventSource } from './event-subscription'
import type { RateProfiles } from './rate-limiter'
import { MAX_BODY_BYTES } from './request-body'
import { createRpcSockets } from './rpc-socket'
import { watchLiveness } from './socket-liveness'
import { CLOSE_UNAUTHENTICATED, serveStreamSocket } from './stream-socket'

const SUBPROTOCOL = 'trestle'
const MAX_SOCKETS = 100
const MAX_STREAM_MESSAGE_BYTES = 16 * 1024
const CLOSE_GOING_AWAY = 1001
/** A peer that does not answer the close is cut. */
const CLOSE_WITHIN_MS = 500

export interface UpgradeOptions {
  readonly router: AppRouter
  readonly events: EventSource
  readonly credentials: Credentials
  readonly onLogin: (login: Login) => void
  readonly admission: Admission
  readonly rates: RateProfiles
  readonly clock: Clock
  readonly reportBug: ReportBug
}

export interface Upgrades {
  /** Of a request that has passed the checks of host and origin. Throws AppError to refuse it. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

export function createUpgrades(options: UpgradeOptions): Upgrades {
  const { router, credentials, admission, clock, reportBug, onLogin } = options
  const shared = {
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false as const),
  }
  const rpcServer = new WebSocketServer({ ...shared, maxPayload: MAX_BODY_BYTES })
  const streamServer = new WebSocketServer({ ...shared, maxPayload: MAX_STREAM_MESSAGE_BYTES })
  const serveRpc = createRpcSockets({ router, guard: admission, reportBug })

  const openRpc = (socket: WebSocket, token: string | null) => {
    const stopWatching = credentials.onDidRevoke(() => {
      if (credentials.accessOf(token) !== null) return
      // From now on nothing is heard, whether the peer answers the close or not.
      socket.removeAllListeners('message')
      closeWithin(socket, CLOSE_UNAUTHENTICATED, 'the token was revoked')
    })
    socket.once('close', stopWatching)
    serveRpc(socket).catch((error: unknown) => reportBug(error, ''))
  }
  const closeWithin = (socket: WebSocket, code: number, reason: string) => {
    socket.close(code, reason)
    socket.once('close', clock.after(CLOSE_WITHIN_MS, () => socket.terminate()))
  }
  const openStream = (socket: WebSocket, token: string | null, from: string) => {
    serveStreamSocket(socket, token, { ...options, guard: admission, onLogin: (visitor) => onLogin({ ok: visitor !== null, via: 'stream', from, token: visitor?.token }) })
  }
  const watched = (open: (socket: WebSocket) => void) => (socket: WebSocket) => {
    // Bad frames and resets: the socket closes after it, and that is all there is to do.
    socket.on('error', () => {})
    watchLiveness(socket, clock)
    open(socket)
  }

  return {
    accept: (request, socket, head) => {
      const path = (request.url ?? '').split('?')[0]
      if (path !== '/ws' && path !== '/ws/stream') throw new AppError('RESOURCE_NOT_FOUND', 'WebSockets are at /ws and /ws/stream.')
      const token = bearerToken(request.headers.authorization) ?? subprotocolToken(request.headers['sec-websocket-protocol'])
      const from = request.socket.remoteAddress ?? 'unknown'
      if (path === '/ws') {
        const visitor = credentials.visitorOf(token)
        const access = visitor?.access ?? null
        onLogin({ ok: access === 'owner', via: 'window', from, token: visitor?.token, isTooNarrow: visitor !== null })
        if (access === null) throw new AppError('AUTHENTICATION_ERROR', 'This request needs the token of this server.')
        // The window's own way, to everything.
        if (access !== 'owner') throw new AppError('PERMISSION_DENIED', 'This socket takes the token of the start only.')
      }
      admission.check()
      if (rpcServer.clients.size + streamServer.clients.size >= MAX_SOCKETS) {
        throw new AppError('SERVICE_UNAVAILABLE', 'Too many sockets are open.', { retryAfterMs: 5000 })
      }
      if (path === '/ws') rpcServer.handleUpgrade(request, socket, head, watched((client) => openRpc(client, token)))
      else streamServer.handleUpgrade(request, socket, head, watched((client) => openStream(client, token, from)))
    },
    close: () => {
      for (const socket of [...rpcServer.clients, ...streamServer.clients]) closeWithin(socket, CLOSE_GOING_AWAY, 'Trestle is stopping')
    },
  }
}
