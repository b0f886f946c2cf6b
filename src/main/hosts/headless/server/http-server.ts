import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError } from '#core/errors'
import type { Login } from '#core/audit/login-audit'
import type { Clock } from '#core/ports/system'
import type { Repeats } from '#core/repeats/repeats'
import type { AppRouter } from '../../../runtime/router'
import { securityHeaders } from '../../shared/security-headers'
import { newTraceId, traceIdFrom } from '../../shared/trace-id'
import type { ReportBug } from '../../shared/wire-error'
import { createAdmission } from './admission'
import { API_PREFIX, createApi } from './api'
import { type Access, bearerToken, type Credentials } from './credentials'
import type { EventSource } from './event-subscription'
import { checkHost, checkOrigin } from './origin'
import { createTokenBuckets, type RateProfiles } from './rate-limiter'
import { refuseUpgrade, sendError, sendJson } from './send'
import { sendAsset } from './static-files'
import { createUpgrades } from './upgrades'

const MAX_CONNECTIONS = 512
const TOKENS_PATH = `${API_PREFIX}/access-tokens`

export interface HttpServerOptions {
  readonly router: AppRouter
  readonly events: EventSource
  readonly isReady: () => boolean
  readonly credentials: Credentials
  /** Told of everyone who comes with a token, and of who comes without. */
  readonly onLogin: (login: Login) => void
  readonly rates: RateProfiles
  readonly clock: Clock
  readonly version: string
  /** Folder of the built window. */
  readonly windowRoot: string
  readonly reportBug: ReportBug
  /** Left out: keys of requests are not looked at. */
  readonly repeats?: Repeats
}

export interface HttpServer {
  /** Resolves with the port it got; 0 asks for any. Rejects with the system's error. */
  listen(port: number, host: string): Promise<number>
  /** From now on new calls get 503. Calls that run go on. */
  stopIntake(): void
  /** Ends every connection. */
  close(): Promise<void>
}

/**
 * The pipeline of every request, in this order: host, origin, token, rate, body, call. Nothing reaches the runtime
 * on another way.
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { credentials, reportBug, onLogin } = options
  const admission = createAdmission(options.rates, options.clock)
  const apiBuckets = createTokenBuckets(options.rates.api, options.clock)
  const answerApi = createApi({ ...options, admission })
  const upgrades = createUpgrades({ ...options, admission })
  let boundHost = ''

  const route = async (request: IncomingMessage, response: ServerResponse, traceId: string): Promise<void> => {
    const path = pathOf(request)
    const isApi = path === API_PREFIX || path.startsWith('/api/')
    refuseOnError(checkHost(request.headers, boundHost))
    refuseOnError(checkOrigin(request.headers, { navigation: !isApi }))
    if (isApi) {
      const token = bearerToken(request.headers.authorization)
      const visitor = credentials.visitorOf(token)
      const refusal = refusalOf(visitor?.access ?? null, request.method, path)
      onLogin({ ok: refusal === null, via: 'rest', from: request.socket.remoteAddress ?? 'unknown', token: visitor?.token, isTooNarrow: visitor !== null })
      refuseOnError(refusal)
      admission.check()
      apiBuckets.take(visitor?.token?.id ?? 'owner')
      endOnceRevoked(response, credentials, token)
      return answerApi({ request, response, path, traceId })
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const error = new AppError('INVALID_PARAMETERS', 'This path takes GET.')
      return sendError(response, { error, traceId, reportBug, status: 405, headers: { allow: 'GET, HEAD' } })
    }
    if (path === '/health') return sendJson(response, 200, { status: 'ok', version: options.version })
    if (path === '/ready') return sendReadiness(response)
    if (path === '/ws' || path === '/ws/stream') {
      const error = new AppError('INVALID_PARAMETERS', 'This path takes WebSockets.')
      return sendError(response, { error, traceId, reportBug, status: 426, headers: { upgrade: 'websocket' } })
    }
    return sendAsset(request, response, { root: options.windowRoot, path })
  }

  const sendReadiness = (response: ServerResponse) => {
    const ready = options.isReady() && !admission.isStopped()
    sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : admission.isStopped() ? 'stopping' : 'starting' })
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const traceId = traceIdFrom(request.headers.traceparent)
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    response.setHeader('x-trace-id', traceId)
    route(request, response, traceId).catch((error: unknown) => sendError(response, { error, traceId, reportBug }))
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const traceId = traceIdFrom(request.headers.traceparent)
    socket.on('error', () => socket.destroy())
    try {
      refuseOnError(checkHost(request.headers, boundHost))
      refuseOnError(checkOrigin(request.headers, { navigation: false }))
      upgrades.accept(request, socket, head)
    } catch (error) {
      refuseUpgrade(socket, { error, traceId, reportBug })
    }
  }

  const server = createServer({ headersTimeout: 15_000, requestTimeout: 120_000, keepAliveTimeout: 10_000 })
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', onRequest).on('checkContinue', onRequest).on('upgrade', onUpgrade).on('clientError', (error, socket) => {
    onClientError(error, socket, reportBug)
  })
  return {
    listen: async (port, host) => {
      boundHost = host
      return listen(server, port, host)
    },
    stopIntake: admission.stop,
    close: () =>
      new Promise((resolve) => {
        upgrades.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Event streams stay open for long. */
function endOnceRevoked(response: ServerResponse, credentials: HttpServerOptions['credentials'], token: string | null): void {
  response.once('close', credentials.onDidRevoke(() => {
    if (credentials.accessOf(token) === null) response.destroy()
  }))
}

/** Tokens are for the person alone: one that leaked makes no others. */
function refusalOf(access: Access | null, method: string | undefined, path: string): AppError | null {
  if (access === null) return new AppError('AUTHENTICATION_ERROR', 'This request needs the token of this server: Authorization: Bearer …')
  if (access === 'owner') return null
  if (path.startsWith(TOKENS_PATH)) return new AppError('PERMISSION_DENIED', 'Only the token of the start makes, lists and revokes tokens.')
  return access === 'read' && method !== 'GET' ? new AppError('PERMISSION_DENIED', 'This token may only read.') : null
}

function refuseOnError(error: AppError | null): void {
  if (error !== null) throw error
}

/** As it was sent: cleaning it up could make an allowed path of a forbidden one. */
function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '').split('?')[0] ?? ''
  if (!path.startsWith('/')) throw new AppError('INVALID_PARAMETERS', 'The address of the request is not a path.')
  return path
}

/** What came was no HTTP request: too large, too slow, or garbage. */
function onClientError(error: Error & { readonly code?: string }, socket: Duplex, reportBug: ReportBug): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  refuseUpgrade(socket, { error: new AppError('INVALID_PARAMETERS', 'The request could not be read.'), traceId: newTraceId(), reportBug, status })
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(portOf(server.address()))
    })
  })
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
