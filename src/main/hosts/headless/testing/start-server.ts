import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket, type RawData } from 'ws'
import { createManualClock, type ManualClock } from '../../../../testing/manual-clock'
import { createCredentials, type Credentials } from '../server/credentials'
import type { Repeats } from '#core/repeats/repeats'
import { createHttpServer, type HttpServer } from '../server/http-server'
import { rateProfiles } from '../server/rate-limiter'
import { createFakeEvents, type FakeEvents } from './fake-events'
import { createFakeRouter } from './fake-router'

export const TOKEN = 'the-right-token-of-this-test'

export interface TestServer {
  readonly port: number
  readonly url: string
  readonly server: HttpServer
  readonly credentials: Credentials
  readonly events: FakeEvents
  readonly clock: ManualClock
  readonly windowRoot: string
  readonly bugs: readonly unknown[]
  ready: boolean
  /** Sends exactly these headers; the token only where asked for. */
  ask(path: string, options?: AskOptions): Promise<Answer>
  connect(path: string, options?: { readonly protocols?: string[]; readonly headers?: Record<string, string> }): TestSocket
  close(): Promise<void>
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
  readonly token?: string | null
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: unknown
}

export interface TestSocket {
  readonly socket: WebSocket
  /** The next message that was not read yet. */
  next(): Promise<unknown>
  send(message: unknown): void
  readonly opened: Promise<void>
  /** The code it closed with. */
  readonly closed: Promise<number>
}

export async function startTestServer({ events = createFakeEvents(), repeats }: { readonly events?: FakeEvents; readonly repeats?: Repeats } = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'trestle-server-'))
  const windowRoot = join(folder, 'window')
  await mkdir(join(windowRoot, 'assets'), { recursive: true })
  await writeFile(join(windowRoot, 'index.html'), '<!doctype html><title>Trestle</title>')
  await writeFile(join(windowRoot, 'assets', 'app-1a2b.js'), 'export {}')
  await writeFile(join(windowRoot, 'empty.txt'), '')
  await writeFile(join(folder, 'secret.txt'), 'outside')

  const clock = createManualClock()
  const credentials = createCredentials(TOKEN)
  const bugs: unknown[] = []
  const state = { ready: true }
  const server = createHttpServer({
    router: createFakeRouter(events), events, isReady: () => state.ready, credentials, onLogin: () => undefined, rates: rateProfiles, clock,
    version: '1.2.3', windowRoot, reportBug: (error) => bugs.push(error), ...(repeats && { repeats }),
  })
  const port = await server.listen(0, '127.0.0.1')
  const sockets = new Set<WebSocket>()
  return {
    port, url: `http://127.0.0.1:${port}`, server, credentials, events, clock, windowRoot, bugs,
    get ready() {
      return state.ready
    },
    set ready(value) {
      state.ready = value
    },
    ask: (path, options = {}) => ask(port, path, options),
    connect: (path, { protocols = [], headers = {} } = {}) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers })
      sockets.add(socket)
      return testSocket(socket)
    },
    close: async () => {
      for (const socket of sockets) socket.terminate()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function ask(port: number, path: string, { method = 'GET', headers = {}, body, token = TOKEN }: AskOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ofBody = body === undefined ? {} : { 'content-type': 'application/json', ...('transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) }) }
    const all = { host: `127.0.0.1:${port}`, ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...ofBody, ...headers }
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers: all, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parseJson(text) })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function testSocket(socket: WebSocket): TestSocket {
  const received: unknown[] = []
  const waiting: ((message: unknown) => void)[] = []
  socket.on('message', (data: RawData) => {
    const message = parseJson(Buffer.isBuffer(data) ? data.toString('utf8') : '')
    const waiter = waiting.shift()
    if (waiter) waiter(message)
    else received.push(message)
  })
  socket.on('error', () => {})
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  return {
    socket,
    closed,
    opened: new Promise((resolve, reject) => socket.once('open', resolve).once('unexpected-response', (_request, response) => reject(new Error(`answered ${response.statusCode}`)))),
    next: () => (received.length > 0 ? Promise.resolve(received.shift()) : new Promise((resolve) => waiting.push(resolve))),
    send: (message) => socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)),
  }
}
