import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import { connect, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import type { RefusedHost } from '#core/ports/sandbox'
import { findHostPattern, isAddress, meansOwnNetwork, plainHost } from '#core/sandbox/host-patterns'
import { isPublicAddress } from '../shared/public-address'

const MOST_CONNECTIONS = 256
const MOST_REFUSED = 50
const CONNECT_MS = 20_000
/** Hop by hop, or of the proxy alone. */
const dropped: ReadonlySet<string> = new Set(['connection', 'proxy-connection', 'proxy-authorization', 'keep-alive', 'te', 'trailer', 'upgrade', 'host'])

export type Resolve = (host: string) => Promise<readonly string[]>

export interface HostProxy {
  refused(): readonly RefusedHost[]
  close(): void
}

interface Target {
  readonly address: string
  readonly host: string
  readonly port: number
}

/**
 * An HTTP proxy on a Unix socket that reaches the granted hosts and no other. Judged is the address that is connected to: one lookup, and a
 * name that leads to this machine or its network is refused, unless it is that machine that was granted.
 */
export async function openHostProxy({ socketPath, hosts, resolve = lookUp }: {
  readonly socketPath: string
  readonly hosts: readonly string[]
  readonly resolve?: Resolve
}): Promise<HostProxy> {
  const refused = new Map<string, RefusedHost>()
  const open = new Set<Duplex>()
  const judge = async (host: string, port: number): Promise<Target | null> => {
    const judged = await judgeHost(hosts, host, port, resolve)
    if ('address' in judged) return judged
    if (refused.size < MOST_REFUSED) refused.set(judged.host, judged)
    return null
  }
  const server = createServer((request, response) => void forward(request, response, judge))
  server.maxConnections = MOST_CONNECTIONS
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => void tunnel(request, client, head, judge))
  server.on('clientError', (_error, socket) => socket.destroy())
  server.listen(socketPath)
  await once(server, 'listening')
  return {
    refused: () => [...refused.values()],
    close: () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}

type Judge = (host: string, port: number) => Promise<Target | null>

/** Exported for its tests. */
export async function judgeHost(hosts: readonly string[], asked: string, port: number, resolve: Resolve): Promise<Target | RefusedHost> {
  const shown = asked.replace(/[^\x21-\x7e]/g, '?').slice(0, 200)
  const host = plainHost(asked)
  const pattern = host === null ? null : findHostPattern(hosts, host, port)
  if (host === null || pattern === null) return { host: `${shown}:${port}`, why: 'it was not allowed' }
  const addresses = isAddress(host) ? [host.replace(/^\[|\]$/g, '')] : await resolve(host).catch(() => [])
  const [address] = addresses
  if (address === undefined) return { host: shown, why: 'it could not be found' }
  const own = addresses.find((each) => isIP(each) === 0 || !isPublicAddress(each))
  if (own !== undefined && !meansOwnNetwork(pattern)) return { host: shown, why: 'its name leads to this computer or its network' }
  return { address, host, port }
}

async function lookUp(host: string): Promise<string[]> {
  return (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address)
}

async function tunnel(request: IncomingMessage, client: Duplex, head: Buffer, judge: Judge): Promise<void> {
  client.on('error', () => client.destroy())
  const [, host, port] = /^(\[[^\]]*\]|[^:@/?#]+):(\d{1,5})$/.exec(request.url ?? '') ?? []
  const target = host === undefined ? null : await judge(host, Number(port))
  if (!target) {
    client.end('HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nTrestle: this host is not allowed to the command.\n')
    return
  }
  const upstream = connect({ host: target.address, port: target.port, timeout: CONNECT_MS })
  const end = () => {
    upstream.destroy()
    client.destroy()
  }
  upstream.once('connect', () => {
    upstream.setTimeout(0)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    upstream.write(head)
    upstream.pipe(client).pipe(upstream)
  })
  upstream.on('timeout', end).on('error', end).on('close', end)
  client.on('close', end)
}

async function forward(request: IncomingMessage, response: ServerResponse, judge: Judge): Promise<void> {
  const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null
  const plain = url?.protocol === 'http:' && url.username === '' && url.password === '' ? url : null
  const target = plain && (await judge(plain.hostname, plain.port === '' ? 80 : Number(plain.port)))
  if (!plain || !target) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('Trestle: this host is not allowed to the command.\n')
    request.resume()
    return
  }
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !dropped.has(name)))
  const onward = httpRequest({
    host: target.address, port: target.port, method: request.method, path: `${plain.pathname}${plain.search}`,
    headers: { ...headers, host: plain.host }, agent: false, timeout: CONNECT_MS,
  })
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}
